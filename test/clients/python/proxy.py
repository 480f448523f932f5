"""Where the proxy is, and what the vendors behind it say."""

import os

URL = os.environ["LLM_PROXY_URL"]
KEY = os.environ["LLM_PROXY_KEY"]

MODEL = "claude-sonnet-4-5"
# One of each protocol: OpenAI's, Anthropic's and Gemini's.
VENDORS = ["openai", "anthropic", "gemini"]
TEXT = 'Hello "w\u00f6rld" \U0001f642'
VECTORS = [[0.5, -0.25, 1.0], [0.125, 2.0, -4.0]]
SOUND = bytes(index * 7 % 256 for index in range(300_000))

HELLO = [{"role": "user", "content": "Hello"}]
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}


def model_of(vendor):
    return f"{vendor}/{MODEL}"
