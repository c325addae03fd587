# Every pair of kinds of questions, from R alone. Run from this folder: Rscript pairs.R
# Writes pairs-data.csv (made here, with a seed) and pairs.csv (topic, key, statistic, value). See pairs.md.
suppressMessages(library(psych))
set.seed(20261128)
n <- 90
z <- rnorm(n)
cut_at <- function(x, at) as.integer(cut(x, c(-Inf, at, Inf)))
size <- c("small", "medium", "large")[cut_at(.5 * z + rnorm(n), c(-.4, .9))]
stage <- c("planned", "begun", "ended", "dropped")[cut_at(.4 * z + rnorm(n), c(-.8, .2, 1.4))]
law <- cut_at(.7 * z + rnorm(n), c(-2, -1, -.2, .8))
tax <- cut_at(.7 * z + rnorm(n), c(-2.2, -1.2, -.5, .5))
growth <- cut_at(-.5 * z + rnorm(n), c(-1.5, -1, -.5, .2, .8, 1.5))
turnover <- round(exp(3 + .4 * z + (size == "large") + .5 * rnorm(n)), 1)
staff <- round(exp(2 + .5 * z + .6 * rnorm(n)))
ticks <- data.frame(agents = rbinom(n, 1, .4), online = as.integer(z + rnorm(n) > .2))
gone <- function(x, at) replace(x, at, NA)
d <- data.frame(size = gone(size, 3), stage = gone(stage, 11), channels__agents = gone(ticks$agents, 40),
  channels__online = gone(ticks$online, 40), hurdles__law = gone(law, c(5, 60)), hurdles__tax = gone(tax, 61),
  trends__growth = gone(growth, 62), turnover = gone(turnover, c(7, 70)), staff = gone(staff, 71))
write.csv(d, "pairs-data.csv", row.names = FALSE, na = "")
d <- read.csv("pairs-data.csv", na.strings = "")
written <- list()
note <- function(.topic, .key, ...) {
  v <- c(...)
  written[[length(written) + 1]] <<- data.frame(topic = .topic, key = .key, statistic = names(v), value = sprintf("%.15g", v))
}

# -- two single questions: chi-square, Cramer's V with noncentral limits (DescTools' "ncchisq"), linear by linear --
noncentral <- function(x, df, p) {
  if (pchisq(x, df) <= p) return(0)
  uniroot(function(l) pchisq(x, df, l) - p, c(0, 20 * x + 100), tol = 1e-12)$root
}
scores <- list(size = c("small", "medium", "large"), stage = c("planned", "begun", "ended", "dropped"))
single <- function(one, other) {
  a <- if (is.null(scores[[one]])) d[[one]] else match(d[[one]], scores[[one]])
  b <- if (is.null(scores[[other]])) d[[other]] else match(d[[other]], scores[[other]])
  ok <- !is.na(a) & !is.na(b); t <- table(a[ok], b[ok]); N <- sum(t)
  x <- suppressWarnings(chisq.test(t, correct = FALSE)); df <- unname(x$parameter); X <- unname(x$statistic)
  least <- N * (min(dim(t)) - 1)
  r <- cor(a[ok], b[ok]); M <- (N - 1) * r^2
  note("single", paste(one, other, sep = "|"), base = N, chi_square = X, df = df, p_value = x$p.value,
    least_expected = min(x$expected), v = sqrt(X / least), v_low = sqrt(noncentral(X, df, .975) / least),
    v_high = sqrt(noncentral(X, df, .025) / least), trend = M, trend_p = pchisq(M, 1, lower.tail = FALSE), r = r)
  set.seed(1)
  note("permuted", paste(one, other, sep = "|"),
    p_value = chisq.test(t, simulate.p.value = TRUE, B = 1e5)$p.value)
}
single("size", "stage"); single("hurdles__law", "trends__growth"); single("size", "hurdles__law")

# -- numbers by groups --------------------------------------------------------------------------------------
hedges <- function(x, y) {
  n1 <- length(x); n2 <- length(y); df <- n1 + n2 - 2
  s <- sqrt(((n1 - 1) * var(x) + (n2 - 1) * var(y)) / df)
  g <- (mean(x) - mean(y)) / s * (1 - 3 / (4 * (n1 + n2) - 9))
  se <- sqrt((n1 + n2) / (n1 * n2) + g^2 / (2 * (n1 + n2)))
  c(g = g, g_low = g - qt(.975, df) * se, g_high = g + qt(.975, df) * se)
}
two <- function(key, x, y) {
  t <- t.test(x, y); w <- suppressWarnings(wilcox.test(x, y, exact = FALSE, correct = TRUE))
  delta <- mean(sign(outer(x, y, "-")))
  note("two", key, base = length(x) + length(y), t = unname(t$statistic), df = unname(t$parameter),
    p_value = t$p.value, difference = mean(x) - mean(y), low = t$conf.int[1], high = t$conf.int[2],
    u = unname(w$statistic), u_p = w$p.value, delta = delta, hedges(x, y))
}
for (group in c("agents", "online")) {
  inside <- d[[paste0("channels__", group)]]; ok <- !is.na(d$turnover) & !is.na(inside)
  two(paste("turnover", group, sep = "|"), d$turnover[ok & inside == 1], d$turnover[ok & inside == 0])
}
ok <- !is.na(d$turnover) & !is.na(d$size)
x <- d$turnover[ok]; g <- factor(d$size[ok], scores$size)
w <- oneway.test(x ~ g); k <- kruskal.test(x, g); whole <- anova(lm(x ~ g))[["Sum Sq"]]
noncentral_f <- function(f, df1, df2, p) {
  if (pf(f, df1, df2) <= p) return(0)
  uniroot(function(l) pf(f, df1, df2, ncp = l) - p, c(0, 20 * df1 * f + 100), tol = 1e-12)$root
}
eta_limits <- function(x, g) {   # Smithson's, by the F of equal spreads and by Welch's; the wider on each side
  e <- anova(lm(x ~ g))[["Sum Sq"]]; e <- e[1] / sum(e)
  limits <- sapply(c(TRUE, FALSE), function(equal) {
    t <- oneway.test(x ~ g, var.equal = equal); df <- unname(t$parameter)
    l <- sapply(c(.975, .025), function(p) noncentral_f(unname(t$statistic), df[1], df[2], p))
    l / (l + length(x))
  })
  c(value = e, equal_low = limits[1, 1], equal_high = limits[2, 1], welch_low = limits[1, 2],
    welch_high = limits[2, 2], low = min(limits[1, ], e), high = max(limits[2, ], e))
}
note("all", "turnover|size", base = length(x), f = unname(w$statistic), df = unname(w$parameter[1]),
  p_value = w$p.value, eta_squared = whole[1] / sum(whole), h = unname(k$statistic), h_p = k$p.value)
note("eta", "turnover|size", eta_limits(x, g))
note("epsilon", "turnover|size", eta_limits(rank(x), g), of_h = unname(k$statistic) / (length(x) - 1))
s3 <- !is.na(d$staff) & !is.na(d$stage)   # four groups, hardly any difference
note("eta", "staff|stage", eta_limits(d$staff[s3], factor(d$stage[s3], scores$stage)))
note("epsilon", "staff|stage", eta_limits(rank(d$staff[s3]), factor(d$stage[s3], scores$stage)),
  of_h = unname(kruskal.test(d$staff[s3], factor(d$stage[s3]))$statistic) / (sum(s3) - 1))
m <- tapply(x, g, mean); v <- tapply(x, g, var); s <- tapply(x, g, length)
for (i in 1:2) for (j in (i + 1):3) {   # Games and Howell (1976), by hand
  e <- sqrt(v[i] / s[i] + v[j] / s[j])
  f <- (v[i] / s[i] + v[j] / s[j])^2 / ((v[i] / s[i])^2 / (s[i] - 1) + (v[j] / s[j])^2 / (s[j] - 1))
  t <- unname((m[i] - m[j]) / e); half <- qtukey(.95, 3, f) * e / sqrt(2)
  note("games_howell", paste(names(m)[i], names(m)[j], sep = "|"), base = unname(s[i] + s[j]), t = t, df = unname(f),
    p_value = unname(2 * pt(-abs(t), f)), p_adjusted = unname(ptukey(abs(t) * sqrt(2), 3, f, lower.tail = FALSE)),
    difference = unname(m[i] - m[j]), low = unname(m[i] - m[j] - half), high = unname(m[i] - m[j] + half))
}

# -- correlations -------------------------------------------------------------------------------------------
delta_variance <- function(a, b) {   # of r: Bishop, Fienberg and Holland (1975), 14.6
  u <- (a - mean(a)) / sqrt(mean((a - mean(a))^2)); v <- (b - mean(b)) / sqrt(mean((b - mean(b))^2))
  r <- mean(u * v); sum((u * v - r / 2 * (u^2 + v^2))^2) / length(a)^2
}
limits <- function(a, b, least) {
  r <- cor(a, b); e <- sqrt(max(least / (length(a) - 3), delta_variance(a, b) / (1 - r^2)^2))
  tanh(atanh(r) + c(-1, 1) * qnorm(.975) * e)
}
pnormal <- function(h, k, r) mnormt::pmnorm(c(h, k), c(0, 0), matrix(c(1, r, r, 1), 2))
two_steps <- function(t) {   # Olsson (1979): thresholds from the margins, then the likelihood
  a <- c(-Inf, qnorm(cumsum(rowSums(t)) / sum(t))); b <- c(-Inf, qnorm(cumsum(colSums(t)) / sum(t)))
  a[length(a)] <- Inf; b[length(b)] <- Inf; a <- pmax(pmin(a, 8), -8); b <- pmax(pmin(b, 8), -8)
  f <- function(r) {
    P <- outer(seq_along(a), seq_along(b), Vectorize(function(i, j) pnormal(a[i], b[j], r)))
    p <- P[-1, -1] - P[-nrow(P), -1] - P[-1, -ncol(P)] + P[-nrow(P), -ncol(P)]
    -sum(t * log(pmax(p, 1e-300)))
  }
  optimize(f, c(-.99, .99), tol = 1e-10)$minimum
}
pairs <- list(c("hurdles__law", "hurdles__tax"), c("hurdles__law", "trends__growth"),
  c("hurdles__tax", "turnover"), c("turnover", "staff"))
for (pair in pairs) {
  ok <- !is.na(d[[pair[1]]]) & !is.na(d[[pair[2]]]); a <- d[[pair[1]]][ok]; b <- d[[pair[2]]][ok]
  key <- paste(pair, collapse = "|")
  p <- cor.test(a, b); l <- limits(a, b, 1)
  note("pearson", key, base = length(a), r = unname(p$estimate), p_value = p$p.value, fisher_low = p$conf.int[1],
    fisher_high = p$conf.int[2], low = l[1], high = l[2])
  s <- suppressWarnings(cor.test(a, b, method = "spearman", exact = FALSE)); r <- unname(s$estimate)
  l <- limits(rank(a), rank(b), 1 + r^2 / 2)
  note("spearman", key, base = length(a), r = r, p_value = s$p.value, low = l[1], high = l[2])
  if (!any(pair %in% c("turnover", "staff"))) {
    t <- table(a, b)
    q <- suppressMessages(suppressWarnings(polychoric(cbind(a, b), correct = 0)$rho[1, 2]))
    note("polychoric", key, base = length(a), r = two_steps(t), psych = q)
  }
}
write.csv(do.call(rbind, written), "pairs.csv", row.names = FALSE, quote = FALSE)
