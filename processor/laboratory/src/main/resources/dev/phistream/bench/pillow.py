"""Decodes image files with Pillow: reads jobs as lines of JSON, answers with lines of JSON."""

import io
import json
import sys
import time

import PIL
from PIL import Image, features

SIZE = 224
SHORT_EDGE = 256


def network_input(file):
    image = Image.open(io.BytesIO(file)).convert("RGB")
    scale = SHORT_EDGE / min(image.size)
    width, height = int(image.width * scale), int(image.height * scale)
    left, top = (width - SIZE) // 2, (height - SIZE) // 2
    resized = image.resize((width, height), Image.BICUBIC)
    return resized.crop((left, top, left + SIZE, top + SIZE)).tobytes()


def answer(job):
    subject = "Pillow %s, libjpeg-turbo %s" % (
        PIL.__version__,
        features.version_feature("libjpeg_turbo") or "no",
    )
    files = []
    for path in job["files"]:
        with open(path, "rb") as file:
            files.append(file.read())
    images = 0
    started = time.process_time_ns()
    deadline = time.monotonic() + job["seconds"]
    while True:
        for file in files:
            network_input(file)
        images += len(files)
        if time.monotonic() >= deadline:
            break
    return {
        "subject": subject,
        "images": images,
        "cpuNanos": time.process_time_ns() - started,
    }


for line in sys.stdin:
    try:
        reply = {"value": answer(json.loads(line))}
    except OSError as error:
        reply = {"error": str(error)}
    print(json.dumps(reply), flush=True)
