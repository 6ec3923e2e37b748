"""What runs on the workstation: data, training, evaluation, export."""
