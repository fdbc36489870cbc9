#!/bin/sh
# with_r.sh SCRIPT.R ARGUMENT…: runs an R script that prints TAP, where R with the package surveillance is there; skips elsewhere.
if ! command -v Rscript >/dev/null 2>&1 || ! Rscript -e 'q(status = !requireNamespace("surveillance", quietly = TRUE))' >/dev/null 2>&1; then
	echo "1..0 # SKIP R with the package surveillance (Debian: r-cran-surveillance) is not installed"
	exit 0
fi
exec Rscript --vanilla "$@"
