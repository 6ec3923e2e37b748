"""What Bottlebank costs, compared with its peers and the limits of the machine: `make bench-full`, docs/speed.md."""
