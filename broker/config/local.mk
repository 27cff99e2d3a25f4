# broker/config - gw6c-broker.conf and its accounts.
broker_libbroker_a_SOURCES += broker/config/options.c \
	broker/config/options.h broker/config/options_addrs.c \
	broker/config/options_parts.h broker/config/options_words.c \
	broker/config/users.c broker/config/users.h
