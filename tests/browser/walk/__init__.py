"""One major decision walked through a county in which days pass: who does what, in the order in which it is done."""
