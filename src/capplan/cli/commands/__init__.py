"""What each command takes: one module a command, all that its --help loads; `capplan.cli.NAME` does what is more."""
