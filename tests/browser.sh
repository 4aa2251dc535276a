#!/bin/sh
# Chromium for the browser journeys: Debian's package when it is missing and we are root; otherwise say how.
set -e
command -v chromium > /dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  echo "Installing Chromium for the browser journeys" >&2
  apt-get update -qq > /dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation > /dev/null
else
  echo "The browser journeys need Chromium. Install it with: sudo apt-get install chromium" >&2
  echo "To run everything else: .venv/bin/pytest -m 'not journey'" >&2
  exit 1
fi
