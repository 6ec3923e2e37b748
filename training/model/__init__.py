"""The network, how it trains, and how it becomes a .tflite file. KERAS_BACKEND is TensorFlow unless set."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
