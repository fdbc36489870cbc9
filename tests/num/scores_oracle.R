# Our scores beside those of R's surveillance (scores(): logs and rps of Poisson and negative binomial counts) and, for the
# area under the curve, Wilcoxon's statistic of R itself. Prints TAP.
suppressMessages(library(surveillance))
program <- commandArgs(trailingOnly = TRUE)[1]
read <- function(what) read.csv(text = system2(program, what, stdout = TRUE))
said <- 0
check <- function(what, worst, most) {
  said <<- said + 1
  cat(if (is.finite(worst) && worst <= most) "ok" else "not ok", said, "-", what, "differs by at most", worst, "\n")
}
cat("1..3\n")

ours <- read("counts")
theirs <- t(mapply(function(x, mu, size) {
  if (is.infinite(size)) scores(x, mu, which = c("logs", "rps")) else scores(x, mu, size = size, which = c("logs", "rps"))
}, ours$count, ours$mean, ours$size))
check("log score, relative,", max(abs(ours$log - theirs[, 1]) / pmax(theirs[, 1], 1)), 1e-10)
# surveillance cuts its sums at k = 40 standard deviations.
check("ranked probability score, relative,", max(abs(ours$crps - theirs[, 2]) / pmax(theirs[, 2], 1e-3)), 1e-6)

auc <- read("auc")
wins <- wilcox.test(auc$p[auc$y == 1], auc$p[auc$y == 0], exact = FALSE)$statistic
check("area under the curve", abs(auc$auc[1] - wins / (sum(auc$y == 1) * sum(auc$y == 0))), 1e-12)
