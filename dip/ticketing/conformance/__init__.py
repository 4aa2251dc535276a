"""What every connection must do, as checks that vendors can read: of systems that we read, and of systems that push to us."""
