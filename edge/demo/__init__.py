"""The picture that `bottlebank demo` draws."""
