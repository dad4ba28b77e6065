"""What fixes become: patches, commands, warnings, undo."""
