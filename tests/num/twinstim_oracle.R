# Our likelihood of the published fit of imdepi (Meyer et al. 2012) beside that of R's surveillance, which ships data and fit.
# What the likelihood needs goes through CSV files in a folder that is removed at the end. Prints TAP.
suppressMessages(library(surveillance))
program <- commandArgs(trailingOnly = TRUE)[1]
data(imdepi)
data(imdepifit)
folder <- tempfile()
dir.create(folder)
save <- function(frame, name) {
  for (column in names(frame)) frame[[column]] <- sprintf("%.17g", as.numeric(frame[[column]]))
  write.csv(frame, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

rings <- list()
for (part in imdepi$W@polygons) for (polygon in part@Polygons) {
  corners <- polygon@coords[-1, ] # the first corner is the last, too
  corners <- corners[rev(seq_len(nrow(corners))), ] # outer rings are clockwise in sp, counter-clockwise with us
  rings[[length(rings) + 1]] <- data.frame(ring = length(rings), x = corners[, 1], y = corners[, 2])
}
save(do.call(rbind, rings), "region.csv")

events <- imdepi$events@data
place <- sp::coordinates(imdepi$events)
save(data.frame(t = events$time, x = place[, 1], y = place[, 2], type = as.integer(events$type) - 1, eps_t = events$eps.t,
  eps_s = events$eps.s, start = events$start, popdensity = events$popdensity,
  age = as.integer(events$agegrp) - 1)[!is.na(events$agegrp), ], "events.csv")
grid <- imdepi$stgrid
save(data.frame(size = grid$area * (grid$stop - grid$start), start = grid$start, popdensity = grid$popdensity), "blocks.csv")

said <- 0
check <- function(what, got, want, most) {
  said <<- said + 1
  cat(if (abs(got - want) <= most) "ok" else "not ok", said, "-", what, sprintf("%.6f beside %.6f\n", got, want))
}
cat("1..4\n")
ours <- function(weights) {
  save(data.frame(value = weights), "weights.csv")
  read.csv(text = system2(program, folder, stdout = TRUE))
}
fitted <- ours(coef(imdepifit))
check("log-likelihood of the shipped fit", fitted$log_likelihood, as.numeric(logLik(imdepifit)), 1e-3)
check("the same as printed in numerics D.3", fitted$log_likelihood, -9474.918, 1e-3)
check("log of fitted intensities, summed", fitted$log_intensities, sum(log(imdepifit$fitted)), 1e-6)

# Away from the top, where nothing is flat: a wider bell, a trend, more infectivity.
other <- coef(imdepifit) + c(0.1, 0.05, -0.2, 0.1, 0.5, 0.3, -0.4, 0.2, 0.7)
invisible(capture.output(theirs <- suppressMessages(twinstim(
  endemic = addSeason2formula(~ offset(log(popdensity)) + I(start/365 - 3.5), S = 1, period = 365, timevar = "start"),
  epidemic = ~ type + agegrp, siaf = siaf.gaussian(), data = imdepi, subset = !is.na(agegrp),
  optim.args = list(par = other, fixed = TRUE), verbose = FALSE))))
check("log-likelihood elsewhere", ours(other)$log_likelihood, as.numeric(logLik(theirs)), 2e-2)
unlink(folder, recursive = TRUE)
