# conf - the sample configuration and the service files.
EXTRA_DIST +=
