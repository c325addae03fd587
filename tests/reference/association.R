# Association of two questions, one of them select-all, by the formulas of Bilder & Loughin (2004), appendix A, with the
# 2^i x 2^j answer patterns written out; rank sets by exact one-sided tests and Holm. Base R only.
# Run in this folder: Rscript association.R   (writes association-data.csv and association.csv)
set.seed(20261124)
n <- 60
z <- rnorm(n)
tick <- function(p, a) as.integer(a * z + sqrt(1 - a^2) * rnorm(n) < qnorm(p))
W <- cbind(w1 = tick(.3, .4), w2 = tick(.65, 0), w3 = tick(.2, .3))
Y <- cbind(y1 = tick(.7, .5), y2 = tick(.4, 0), y3 = tick(.5, .3), y4 = tick(.06, 0))
S <- factor(sample(c("a", "b", "c"), n, replace = TRUE, prob = c(.5, .3, .2)))
write.csv(data.frame(W, Y, s = S), "association-data.csv", row.names = FALSE)
out <- data.frame()
say <- function(topic, name, value) out <<- rbind(out, data.frame(topic, name, value = sprintf("%.15g", value)))
chi <- function(t, zero) { t[t == 0] <- zero; suppressWarnings(chisq.test(t, correct = FALSE)$statistic) }
# The p-value of a 2 x 2 table: Fisher's where a cell is expected to hold fewer than 5, else that of the chi-square.
least <- function(t) min(outer(rowSums(t), colSums(t)) / sum(t))
pair_p <- function(t, zero) if (least(t) < 5) fisher.test(t)$p.value else pchisq(chi(t, zero), 1, lower.tail = FALSE)
# The exact p-value of an r x 2 table: all tables with its margins, the chi-square as extreme (what permuting respondents gives).
exact_p <- function(t, zero) { ni <- rowSums(t); yes <- sum(t[, 2])
  all <- as.matrix(expand.grid(lapply(ni, function(k) 0:k))); all <- all[rowSums(all) == yes, , drop = FALSE]
  weight <- exp(rowSums(matrix(lchoose(rep(ni, each = nrow(all)), all), nrow(all))) - lchoose(sum(ni), yes))
  reached <- apply(all, 1, function(x) chi(cbind(ni - x, x), zero)) >= chi(t, zero) * (1 - 1e-9); sum(weight[reached]) }
patterns <- function(k) t(as.matrix(expand.grid(rep(list(0:1), k))[, k:1]))   # k x 2^k, first item slowest
code <- function(M) as.vector(M %*% 2^((ncol(M) - 1):0)) + 1                   # the column of patterns()
for (zero in c(.5, .25)) {
  topic <- paste0("multiple@", zero); I <- ncol(W); J <- ncol(Y)
  X <- outer(1:I, 1:J, Vectorize(function(i, j) chi(table(factor(W[, i], 0:1), factor(Y[, j], 0:1)), zero)))
  G <- patterns(I); H <- patterns(J)
  tau <- as.vector(t(table(factor(code(W), 1:2^I), factor(code(Y), 1:2^J)))) / n
  pr <- colMeans(W); pc <- colMeans(Y)
  Fm <- kronecker(G, H) - kronecker(pr, H %*% kronecker(matrix(1, 1, 2^I), diag(2^J))) -
    kronecker(G %*% kronecker(diag(2^I), matrix(1, 1, 2^J)), pc)
  sigma <- Fm %*% (diag(tau) - tau %o% tau) %*% t(Fm)
  D <- as.vector(kronecker(pr * (1 - pr), pc * (1 - pc)))
  squares <- sum(Re(eigen(sigma / D)$values)^2)
  null <- sum(eigen(kronecker(cor(W), cor(Y)))$values^2)
  say(topic, "sum", sum(X))
  for (i in 1:I) for (j in 1:J) say(topic, sprintf("chi:w%d:y%d", i, j), X[i, j])
  for (kind in c("rao_scott", "rao_scott_null")) {
    s <- if (kind == "rao_scott") squares else null
    say(topic, paste0(kind, ":statistic"), I * J * sum(X) / s); say(topic, paste0(kind, ":df"), I^2 * J^2 / s)
    say(topic, paste0(kind, ":p"), pchisq(I * J * sum(X) / s, I^2 * J^2 / s, lower.tail = FALSE))
  }
  P <- outer(1:I, 1:J, Vectorize(function(i, j) pair_p(table(factor(W[, i], 0:1), factor(Y[, j], 0:1)), zero)))
  for (i in 1:I) for (j in 1:J) say(topic, sprintf("p:w%d:y%d", i, j), P[i, j])
  say(topic, "bonferroni:p", min(1, I * J * min(P)))
  a <- table(factor(W[, 1], 1:0), factor(Y[, 1], 1:0)); se <- sqrt(sum(1 / a)); or <- log(a[1] * a[4] / (a[2] * a[3]))
  say(topic, "or:w1:y1", exp(or)); say(topic, "low:w1:y1", exp(or - qnorm(.975) * se)); say(topic, "high:w1:y1", exp(or + qnorm(.975) * se))
  topic <- paste0("single@", zero); r <- nlevels(S)
  Xs <- sapply(1:J, function(j) chi(table(S, factor(Y[, j], 0:1)), zero))
  ni <- as.vector(table(S)); a <- ni / n
  V <- matrix(0, r * 2^J, r * 2^J)
  for (i in 1:r) { p <- as.vector(table(factor(code(Y[S == levels(S)[i], ]), 1:2^J))) / ni[i]
    at <- (i - 1) * 2^J + 1:2^J; V[at, at] <- (diag(p) - p %o% p) / a[i] }
  Gs <- kronecker(diag(r), H); Hs <- diag(r * J) - kronecker(matrix(1, r, r) %*% diag(a), diag(J))
  Ds <- as.vector(kronecker(1 / a, pc * (1 - pc)))
  squares <- sum(Re(eigen((Hs %*% Gs %*% V %*% t(Gs) %*% t(Hs)) / Ds)$values)^2)
  null <- (r - 1) * sum(cor(Y)^2)
  say(topic, "sum", sum(Xs))
  for (kind in c("rao_scott", "rao_scott_null")) {
    s <- if (kind == "rao_scott") squares else null
    say(topic, paste0(kind, ":statistic"), (r - 1) * J * sum(Xs) / s); say(topic, paste0(kind, ":df"), ((r - 1) * J)^2 / s)
    say(topic, paste0(kind, ":p"), pchisq((r - 1) * J * sum(Xs) / s, ((r - 1) * J)^2 / s, lower.tail = FALSE))
  }
  for (j in 1:J) { t <- table(S, factor(Y[, j], 0:1))
    say(topic, sprintf("p:y%d", j), if (least(t) < 5) exact_p(t, zero) else pchisq(Xs[j], r - 1, lower.tail = FALSE)) }
}
above <- function(i, j) { b <- sum(Y[, i] > Y[, j]); m <- sum(Y[, i] != Y[, j])
  if (m == 0) 1 else binom.test(b, m, alternative = "greater")$p.value }
for (level in c(.95, .5)) {
  pairs <- subset(expand.grid(i = 1:4, j = 1:4), i != j)
  p <- mapply(above, pairs$i, pairs$j); hit <- p.adjust(p, "holm") <= 1 - level
  for (k in 1:4) {
    say(paste0("ranks@", level), sprintf("simultaneous:y%d:low", k), 1 + sum(hit & pairs$j == k))
    say(paste0("ranks@", level), sprintf("simultaneous:y%d:high", k), 4 - sum(hit & pairs$i == k))
    own <- pairs$i == k | pairs$j == k; h <- p.adjust(p[own], "holm") <= 1 - level
    say(paste0("ranks@", level), sprintf("marginal:y%d:low", k), 1 + sum(h & pairs$j[own] == k))
    say(paste0("ranks@", level), sprintf("marginal:y%d:high", k), 4 - sum(h & pairs$i[own] == k))
  }
}
# Phi on the z scale: the delta method with numeric derivatives over the multinomial of the four counts, never below 1/(n - 3).
phi <- function(p) (p[1] * p[4] - p[2] * p[3]) / sqrt((p[1] + p[2]) * (p[3] + p[4]) * (p[1] + p[3]) * (p[2] + p[4]))
phi_limits <- function(counts) { n <- sum(counts); p <- counts / n; h <- 1e-6
  d <- sapply(1:4, function(k) { e <- replace(numeric(4), k, h); (atanh(phi(p + e)) - atanh(phi(p - e))) / (2 * h) })
  v <- max((sum(p * d^2) - sum(p * d)^2) / n, 1 / (n - 3)); tanh(atanh(phi(p)) + c(-1, 1) * qnorm(.975) * sqrt(v)) }
said_phi <- function(key, counts) { l <- phi_limits(counts)
  say("phi", paste0(key, ":phi"), phi(counts / sum(counts))); say("phi", paste0(key, ":low"), l[1]); say("phi", paste0(key, ":high"), l[2]) }
both <- function(x, y) c(sum(x & y), sum(x & !y), sum(!x & y), sum(!x & !y))
said_phi("y1:y3", both(Y[, 1], Y[, 3])); f <- cor.test(Y[, 1], Y[, 3]); stopifnot(all.equal(unname(f$estimate), phi(both(Y[, 1], Y[, 3]))))
for (counts in list(c(8, 6, 6, 117), c(3, 2, 2, 130), c(20, 10, 5, 102), c(40, 30, 20, 47), c(2, 60, 50, 25))) said_phi(paste(counts, collapse = "-"), counts)
write.csv(out, "association.csv", row.names = FALSE, quote = FALSE)
