"""What Bottlebank costs beside its peers and the limits of the machine: `make bench-full`, docs/speed.md."""
