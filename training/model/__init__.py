"""The networks, the loss and the training run."""
