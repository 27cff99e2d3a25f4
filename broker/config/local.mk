# broker/config - gw6c-broker.conf and its accounts.
broker_libbroker_a_SOURCES += broker/config/modes.c broker/config/modes.h \
	broker/config/options.c broker/config/options.h \
	broker/config/options_addrs.c broker/config/options_addrs.h \
	broker/config/options_reader.c broker/config/options_reader.h \
	broker/config/options_words.c broker/config/options_words.h \
	broker/config/users.c broker/config/users.h
