# Our scores beside those of R's surveillance (scores(): logs and rps of Poisson and negative binomial counts; then those of what
# its areal model hhh4 forecasts a week ahead for measles in seventeen districts) and, for the area under the curve, Wilcoxon's
# statistic of R itself. Prints TAP.
suppressMessages(library(surveillance))
program <- commandArgs(trailingOnly = TRUE)[1]
read <- function(what) read.csv(text = system2(program, what, stdout = TRUE))
said <- 0
check <- function(what, worst, most) {
  said <<- said + 1
  cat(if (is.finite(worst) && worst <= most) "ok" else "not ok", said, "-", what, "differs by at most", worst, "\n")
}
cat("1..5\n")

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

data("measlesWeserEms")
model <- hhh4(measlesWeserEms, list(end = list(f = addSeason2formula(~1 + t, period = 52)), ar = list(f = ~1),
  ne = list(f = ~1, weights = neighbourhood(measlesWeserEms) == 1), family = "NegBin1"))
ahead <- oneStepAhead(model, tp = c(78, 103), type = "final", verbose = FALSE)
theirs <- scores(ahead, which = c("logs", "rps"), individual = TRUE)
size <- array(surveillance:::psi2size.oneStepAhead(ahead), dim(ahead$pred))
lines <- sprintf("%d %.17g %.17g", as.integer(ahead$observed), as.vector(ahead$pred), as.vector(size))
ours <- read.csv(text = system2(program, "given", input = lines, stdout = TRUE))
check("log score of hhh4's forecasts", max(abs(ours$log - as.vector(theirs[, , "logs"]))), 1e-10)
check("ranked probability score of hhh4's forecasts", max(abs(ours$crps - as.vector(theirs[, , "rps"]))), 1e-6)
