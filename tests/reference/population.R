# Shares of finite populations, and equivalence, from R alone. Run from this folder: Rscript population.R
# Writes population.csv (topic, key, statistic, value). See population.md.
options(scipen = 20)
written <- list()
note <- function(.topic, .key, ...) {
  v <- c(...)
  written[[length(written) + 1]] <<- data.frame(topic = .topic, key = .key, statistic = names(v), value = sprintf("%.15g", v))
}
wilson <- function(x, n, level = .95, shrink = 1) {
  z2 <- qnorm((1 + level) / 2)^2 * shrink; p <- x / n; m <- (p + z2 / (2 * n)) / (1 + z2 / n)
  h <- sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n^2))) / (1 + z2 / n); c(m - h, m + h)
}
# Every K of 0 to N is tried: those from which x or more, and x or fewer, of n are not too rare.
exact <- function(x, n, N, level = .95) {
  a <- (1 - level) / 2; K <- x:(N - n + x)
  low <- min(K[phyper(x - 1, K, N - K, n, lower.tail = FALSE) > a]); high <- max(K[phyper(x, K, N - K, n) > a])
  c(low, high) / N
}
finite <- function(x, n, N, level = .95) {
  if (N - n < 10 && N > n) return(exact(x, n, N, level))
  w <- if (N == 1) c(x, x) / n else wilson(x, n, level, (N - n) / (N - 1)); c(max(w[1], x / N), min(w[2], (N - n + x) / N))
}
cases <- list(c(118, 137, 600), c(41, 137, 600), c(0, 137, 600), c(137, 137, 600), c(0, 50, 200), c(3, 50, 200),
  c(20, 50, 200), c(35, 50, 200), c(50, 50, 200), c(3, 4, 5), c(3, 4, 4), c(0, 3, 40), c(1, 1, 12), c(0, 20, 22),
  c(20, 20, 22), c(11, 20, 29), c(11, 20, 30), c(29, 90, 395), c(1, 42, 184), c(700, 2000, 5000), c(5, 7, 1000000))
for (one in cases) for (level in c(.9, .95, .99)) {
  x <- one[1]; n <- one[2]; N <- one[3]; a <- finite(x, n, N, level)
  b <- if (N <= 1e5) exact(x, n, N, level) else c(NA, NA)
  note("share", paste(x, n, N, level, sep = "|"), low = a[1], high = a[2], exact_low = b[1], exact_high = b[2])
}
# Differences: the limits of both sides combined (Newcombe 1998, method 10), each of its own population.
combined <- function(x, n, N, y, m, M, level) {
  u <- finite(x, n, N, level); v <- finite(y, m, M, level); d <- x / n - y / m
  c(d - sqrt((x / n - u[1])^2 + (v[2] - y / m)^2), d + sqrt((u[2] - x / n)^2 + (y / m - v[1])^2))
}
for (one in list(c(29, 42, 184, 66, 95, 416), c(56, 70, 90, 48, 80, 240), c(0, 10, 20, 0, 30, 400), c(3, 4, 4, 1, 4, 4))) {
  a <- do.call(combined, as.list(c(one, .95))); note("difference", paste(one, collapse = "|"), low = a[1], high = a[2])
}
# Equivalence: the limits at 90 % for the verdict at 5 %, and the alpha at which a limit meets the margin.
hybrid <- function(x, n, y, m, level) {
  u <- wilson(x, n, level); v <- wilson(y, m, level); d <- x / n - y / m
  c(d - sqrt((x / n - u[1])^2 + (v[2] - y / m)^2), d + sqrt((u[2] - x / n)^2 + (y / m - v[1])^2))
}
# Newcombe (1998), paired, method 10, with the correlation corrected for continuity.
paired <- function(e, f, g, h, level) {
  n <- e + f + g + h; p <- (e + f) / n; q <- (e + g) / n; u <- wilson(e + f, n, level); v <- wilson(e + g, n, level)
  A <- (e + f) * (g + h) * (e + g) * (f + h); B <- e * h - f * g; if (B > 0) B <- max(B - n / 2, 0)
  r <- if (A == 0) 0 else B / sqrt(A); d <- (f - g) / n
  c(d - sqrt((p - u[1])^2 - 2 * r * (p - u[1]) * (v[2] - q) + (v[2] - q)^2),
    d + sqrt((u[2] - p)^2 - 2 * r * (u[2] - p) * (q - v[1]) + (q - v[1])^2))
}
alpha <- function(f, margin) {
  gap <- function(z) { l <- f(1 - 2 * pnorm(-z)); max(-l[1], l[2]) - margin }
  if (gap(1e-9) >= 0) return(1)
  if (gap(7) < 0) return(NA)  # less than 2e-12: not compared
  pnorm(-uniroot(gap, c(1e-9, 7), tol = 1e-13)$root)
}
for (one in list(c(56, 70, 48, 80), c(120, 300, 126, 310), c(1200, 2000, 1120, 2000), c(12, 30, 15, 30), c(0, 40, 0, 55))) {
  f <- function(level) hybrid(one[1], one[2], one[3], one[4], level); l <- f(.90)
  p <- fisher.test(matrix(c(one[1], one[2] - one[1], one[3], one[4] - one[3]), 2))$p.value
  note("equivalence", paste(one, collapse = "|"), low90 = l[1], high90 = l[2], p_value = p,
    p_equivalence = alpha(f, .2), p_tenth = alpha(f, .1))
}
for (one in list(c(60, 10, 12, 18), c(20, 10, 4, 66), c(200, 40, 38, 22), c(5, 0, 0, 5))) {
  f <- function(level) paired(one[1], one[2], one[3], one[4], level); l <- f(.90)
  note("paired", paste(one, collapse = "|"), low90 = l[1], high90 = l[2], p_equivalence = alpha(f, .2))
}
# Samples for a margin of error, and margins, of a finite population (Cochran 1977, 4.2): share of one half.
for (N in c(137, 150, 600, 5000)) for (e in c(.03, .05, .1)) {
  z <- qnorm(.975); n0 <- z^2 * .25 / e^2
  note("sample", paste(N, e, sep = "|"), needed = ceiling(round(n0 / (1 + (n0 - 1) / N), 9)),
    margin = z * sqrt(.25 / 137 * (N - 137) / (N - 1)))
}
write.csv(do.call(rbind, written), "population.csv", row.names = FALSE, quote = FALSE)
