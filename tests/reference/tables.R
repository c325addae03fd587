# Reference numbers for group against group, scale quality and precision, from R alone.
# Run from this folder: Rscript tables.R. Reads statistics-data.csv, writes tables.csv. See tables.md.
suppressMessages(library(psych))
given <- read.csv("statistics-data.csv", na.strings = "", check.names = FALSE)
channels <- given[grep("^channels__", names(given))]; names(channels) <- sub("^channels__", "", names(channels))
hurdles <- given[grep("^hurdles__", names(given))]; names(hurdles) <- sub("^hurdles__", "", names(hurdles))
written <- list()
note <- function(topic, key, ...) {
  values <- c(...)
  written[[length(written) + 1]] <<- data.frame(topic = topic, key = key, statistic = names(values),
    value = as.numeric(values))
}
# Column against column: the z test written out from the textbook form of the variance and, apart, from the
# sum over respondents; the larger of the two counts.
sizes <- c("small", "medium", "large")
for (size in sizes) for (i in 1:3) for (j in (i + 1):4) {
  y <- as.integer(given$size == size); a <- channels[[i]]; b <- channels[[j]]
  ok <- !is.na(y) & !is.na(a) & !is.na(b); y <- y[ok]; a <- a[ok]; b <- b[ok]
  n1 <- sum(a); n2 <- sum(b); n12 <- sum(a * b); p1 <- sum(y * a) / n1; p2 <- sum(y * b) / n2
  p <- (sum(y * a) + sum(y * b)) / (n1 + n2)
  plain <- p * (1 - p) * (1 / n1 + 1 / n2 - 2 * n12 / (n1 * n2))
  own <- sum(a * (y - p)^2) / n1^2 + sum(b * (y - p)^2) / n2^2 - 2 * sum(a * b * (y - p)^2) / (n1 * n2)
  z <- (p1 - p2) / sqrt(max(plain, own))
  note("columns", paste(size, names(channels)[i], names(channels)[j], sep = "|"),
    difference = p1 - p2, overlap = n12, p_value = 2 * pnorm(-abs(z)))
}
cliff <- function(x, y) { d <- sign(outer(x, y, "-")); mean(d) }
cliff_limits <- function(x, y, level = 0.95) {
  d <- sign(outer(x, y, "-")); n <- length(x); m <- length(y); delta <- mean(d); z <- qnorm(1 - (1 - level) / 2)
  v <- (m^2 * sum((rowMeans(d) - delta)^2) + n^2 * sum((colMeans(d) - delta)^2) - sum((d - delta)^2)) /
    (n * m * (n - 1) * (m - 1))
  v <- max(v, (1 - delta^2) / (n * m - 1))
  (delta - delta^3 + c(-1, 1) * z * sqrt(v) * sqrt((1 - delta^2)^2 + z^2 * v)) / (1 - delta^2 + z^2 * v)
}
for (item in names(hurdles)) for (group in names(channels)) {
  x <- hurdles[[item]][which(channels[[group]] == 1)]; y <- hurdles[[item]][which(channels[[group]] == 0)]
  x <- x[!is.na(x)]; y <- y[!is.na(y)]
  test <- wilcox.test(x, y, exact = FALSE, correct = TRUE)
  limits <- cliff_limits(x, y)
  note("mann_whitney", paste(item, group, sep = "|"), statistic = unname(test$statistic), p_value = test$p.value,
    effect = cliff(x, y), ci_low = limits[1], ci_high = limits[2])
}
complete <- na.omit(hurdles)
one <- suppressMessages(suppressWarnings(omega(complete, nfactors = 1, fm = "minres", plot = FALSE)))
note("omega", "hurdles", omega = one$omega.tot)
set.seed(1)
factor <- rnorm(80)
scale <- as.data.frame(sapply(c(.9, .8, .7, .6, .5), function(l) round(3 + l * factor + .6 * rnorm(80))))
write.csv(scale, "tables-scale.csv", row.names = FALSE)
good <- suppressMessages(suppressWarnings(omega(scale, nfactors = 1, fm = "minres", plot = FALSE)))
note("omega", "scale", omega = good$omega.tot)
drop <- alpha(complete, warnings = FALSE, check.keys = FALSE)$item.stats
for (item in names(complete)) note("item_rest", item, r = drop[item, "r.drop"])
for (n in c(20, 42, 69, 137, 500)) {
  found <- power.prop.test(n = n, p1 = 0.5, power = 0.8, sig.level = 0.05, tol = 1e-12)
  note("power", as.character(n), smallest_difference = found$p2 - 0.5)
}
# Boschloo by the definition: the one-sided p of Fisher as the statistic, the largest probability over the
# common share; two-sided is twice the smaller side.
boschloo <- function(a, b, c, d, side) {
  n1 <- a + b; n2 <- c + d
  fisher <- outer(0:n1, 0:n2, Vectorize(function(x, y)
    fisher.test(matrix(c(x, n1 - x, y, n2 - y), 2), alternative = side)$p.value))
  rare <- fisher <= fisher[a + 1, c + 1] * (1 + 1e-9)
  size <- function(p) sum(outer(dbinom(0:n1, n1, p), dbinom(0:n2, n2, p))[rare])
  grid <- seq(0.001, 0.999, 0.001); at <- grid[which.max(sapply(grid, size))]
  optimize(size, c(max(at - 0.002, 0), min(at + 0.002, 1)), maximum = TRUE, tol = 1e-12)$objective
}
for (t in list(c(7, 5, 1, 9), c(3, 17, 10, 9), c(12, 3, 20, 22)))
  note("boschloo", paste0(t[1], ":", t[2], "|", t[3], ":", t[4]), p_value = min(1, 2 * min(
    boschloo(t[1], t[2], t[3], t[4], "less"), boschloo(t[1], t[2], t[3], t[4], "greater"))))
# Tango's score interval by its definition: at each difference the likelihood is maximised by search, and the
# limits are where the score statistic reaches the normal quantile. Counts: both, first, second, neither.
tango <- function(t, level = 0.95) {
  n <- sum(t); b <- t[2]; c <- t[3]; z <- qnorm(1 - (1 - level) / 2)
  term <- function(k, p) if (k == 0) 0 else k * log(p)
  statistic <- function(d) {
    like <- function(q) term(b, q + d) + term(c, q) + term(n - b - c, 1 - 2 * q - d)
    q <- optimize(like, c(max(0, -d), (1 - d) / 2), maximum = TRUE, tol = 1e-12)$maximum
    (b - c - n * d) / sqrt(n * (2 * q + d - d^2))
  }
  limit <- function(from, to, side) uniroot(function(d) statistic(d) - side * z, c(from, to), tol = 1e-13)$root
  c(ci_low = limit(-1 + 1e-6, (b - c) / n - 1e-6, 1), ci_high = limit((b - c) / n + 1e-6, 1 - 1e-6, -1))
}
for (t in list(c(1, 1, 7, 12), c(59, 6, 16, 80), c(36, 12, 2, 0), c(43, 0, 1, 0), c(30, 5, 5, 2), c(4, 3, 0, 3)))
  note("tango", paste(t, collapse = "|"), tango(t))
found <- do.call(rbind, written)
found$value <- sprintf("%.15g", found$value)
write.csv(found, "tables.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "psych", as.character(packageVersion("psych")), "\n")
