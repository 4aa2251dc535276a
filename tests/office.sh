#!/bin/sh
# LibreOffice Calc for the tests that recalculate workbooks: Debian's package when it is missing and we are root. Without it those
# tests are skipped, and say so.
command -v soffice > /dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
  echo "Installing LibreOffice Calc for the tests of workbooks" >&2
  apt-get update -qq > /dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui > /dev/null && exit 0
fi
echo "No LibreOffice: the recalculation of workbooks is skipped. Install it with: sudo apt-get install libreoffice-calc-nogui" >&2
