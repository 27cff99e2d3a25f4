# broker/dialog - the dialogue with a client.
broker_libbroker_a_SOURCES += broker/dialog/bucket.h broker/dialog/dialog.c \
	broker/dialog/dialog.h broker/dialog/dialog_create.c \
	broker/dialog/dialog_create.h broker/dialog/dialog_env.c \
	broker/dialog/dialog_env.h broker/dialog/dialog_guess.c \
	broker/dialog/dialog_guess.h broker/dialog/dialog_login.c \
	broker/dialog/dialog_login.h broker/dialog/dialog_mode.c \
	broker/dialog/dialog_mode.h broker/dialog/dialog_offer.c \
	broker/dialog/dialog_offer.h broker/dialog/dialog_refuse.c \
	broker/dialog/dialog_refuse.h broker/dialog/dialog_state.h \
	broker/dialog/dialogs.c broker/dialog/dialogs.h \
	broker/dialog/dialogs_parts.h broker/dialog/dialogs_room.c \
	broker/dialog/failures.c broker/dialog/failures.h broker/dialog/framing.c \
	broker/dialog/framing.h broker/dialog/guesses.c broker/dialog/guesses.h \
	broker/dialog/identity.c broker/dialog/identity.h broker/dialog/known.c \
	broker/dialog/known.h broker/dialog/listeners.c broker/dialog/listeners.h \
	broker/dialog/proof.c broker/dialog/proof.h broker/dialog/refusals.c \
	broker/dialog/refusals.h broker/dialog/sources.c broker/dialog/sources.h \
	broker/dialog/stream.c broker/dialog/stream.h broker/dialog/streams.c \
	broker/dialog/streams.h
