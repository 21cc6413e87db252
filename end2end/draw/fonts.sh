#!/bin/sh
# Makes www/fonts/anton-ascii-400.woff2, the sign's letters that the first answer needs, from the font with all Latin
# letters beside it. It needs fontTools and its brotli: pip install fonttools brotli
cd "$(dirname "$0")/../../www/fonts" || exit
pyftsubset anton-latin-400.woff2 --unicodes=U+0020-007E,U+2014,U+2019,U+2026 --layout-features=kern --flavor=woff2 \
  --output-file=anton-ascii-400.woff2
