"""Personal data that is planted through the front doors, and looked for behind every wall."""
