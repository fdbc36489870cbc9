# The peers of early warning in R's surveillance, on the same data and machine: num_point.R FOLDER PEER prints JSON; seconds are
# of the processor.
#   twinstim   Brooklyn in 2015 and 2016 (numerics D.3): a self-exciting process with a seasonal rate, Gaussian in space and
#              exponential in time
#   hhh4       New York's areas by week (numerics D.2): autoregression and neighbours, areas' own levels, season and trend;
#              fitted on 574 weeks, then 104 forecasts of one week
suppressMessages({
  library(surveillance)
  library(sp)
})
folder <- commandArgs(trailingOnly = TRUE)[1]
peer <- commandArgs(trailingOnly = TRUE)[2]
events <- read.csv(file.path(folder, "nyc-shootings/nyc_shootings_2006_2018.csv"))
events$day <- as.numeric(as.POSIXct(events$time, format = "%Y-%m-%dT%H:%M", tz = "UTC")) / 86400
seconds <- function(expr) sum(system.time(expr)[c("user.self", "sys.self")])
peak_mb <- function() as.numeric(sub("\\D*(\\d+).*", "\\1", grep("^VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024

twinstim_brooklyn <- function() {
  begin <- as.numeric(as.Date("2015-01-01"))
  days <- as.numeric(as.Date("2017-01-01")) - begin
  city <- events[events$boro == "Brooklyn" & events$day >= begin & events$day < begin + days, ]
  set.seed(1)
  x <- city$x_m / 1000 + runif(nrow(city), -0.005, 0.005) # ties apart, as twinstim wants
  y <- city$y_m / 1000 + runif(nrow(city), -0.005, 0.005)
  hull <- chull(x, y)
  middle <- c(mean(x), mean(y))
  ring <- cbind(middle[1] + 1.0005 * (x[hull] - middle[1]), middle[2] + 1.0005 * (y[hull] - middle[2]))
  region <- SpatialPolygons(list(Polygons(list(Polygon(rbind(ring, ring[1, ]))), "hull")))
  starts <- seq(0, days - 1, by = 30)
  grid <- data.frame(start = starts, stop = c(starts[-1], days), tile = "hull", area = region@polygons[[1]]@area)
  marks <- data.frame(time = city$day - begin + runif(nrow(city), 0, 1e-4) + 1e-4, tile = "hull", eps.t = 60, eps.s = 3)
  order <- order(marks$time)
  points <- SpatialPointsDataFrame(cbind(x, y)[order, ], marks[order, ])
  data <- as.epidataCS(points, grid, region, nCircle2Poly = 32, verbose = FALSE)
  took <- seconds(invisible(capture.output(fit <- suppressMessages(twinstim(
    endemic = addSeason2formula(~1, S = 1, period = 365.25, timevar = "start"), epidemic = ~1, siaf = siaf.gaussian(),
    tiaf = tiaf.exponential(), data = data, optim.args = list(control = list(trace = 0)), verbose = FALSE)))))
  cat(sprintf('{"fit_s":%.3f,"peak_mb":%.0f,"incidents":%d,"r0":%.3f}\n', took, peak_mb(), nrow(city),
    mean(R0(fit))))
}

hhh4_city <- function() {
  areas <- read.csv(file.path(folder, "nyc-shootings/nyc_nta.csv"))$nta
  pairs <- read.csv(file.path(folder, "nyc-shootings/nyc_nta_adjacency.csv"))
  week <- floor((events$day - as.numeric(as.Date("2006-01-02"))) / 7) + 1
  known <- week >= 1 & week <= 678
  counts <- table(factor(week[known], 1:678), factor(events$nta[known], areas))
  counts <- matrix(counts, 678, dimnames = list(NULL, areas))
  counts <- counts[, colSums(counts[1:574, ]) > 0]
  touch <- matrix(0, ncol(counts), ncol(counts), dimnames = list(colnames(counts), colnames(counts)))
  both <- pairs$nta_a %in% colnames(counts) & pairs$nta_b %in% colnames(counts)
  touch[cbind(pairs$nta_a, pairs$nta_b)[both, ]] <- touch[cbind(pairs$nta_b, pairs$nta_a)[both, ]] <- 1
  series <- sts(counts, start = c(2006, 1), frequency = 52, neighbourhood = touch)
  model <- list(ar = list(f = ~1), ne = list(f = ~1, weights = touch / pmax(rowSums(touch), 1)),
    end = list(f = addSeason2formula(~ -1 + t + fe(1, unitSpecific = TRUE), S = 1, period = 52)), family = "NegBin1",
    subset = 2:574)
  fitting <- seconds(fit <- suppressMessages(hhh4(series, model)))
  rolling <- seconds(invisible(capture.output(ahead <- oneStepAhead(fit, c(574, 677), type = "first", verbose = FALSE))))
  cat(sprintf('{"fit_s":%.3f,"all_s":%.3f,"peak_mb":%.0f,"log_score":%.5f}\n', fitting, fitting + rolling,
    peak_mb(), mean(scores(ahead, which = "logs", individual = TRUE))))
}

if (peer == "twinstim") twinstim_brooklyn() else hhh4_city()
