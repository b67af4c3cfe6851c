"""The demonstration county: writes workbooks as schools would, and sends them through the import door."""
