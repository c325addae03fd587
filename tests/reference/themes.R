# What coded interviews add up to, once more in R. The data are read as they stand: one row per person,
# one column per code, 1 where the person has a segment of it. Nothing of the package is used.
# Rscript tests/reference/themes.R tests/reference > tests/reference/themes.csv
folder <- commandArgs(trailingOnly = TRUE)[1]
say <- function(topic, key, statistic, value) {
  cat(sprintf("%s,%s,%s,%s\n", topic, key, statistic, format(value, digits = 15, scientific = FALSE)))
}
cat("topic,key,statistic,value\n")

codes_so_far <- function(m, order) sapply(seq_along(order), function(k) sum(colSums(m[order[1:k], , drop = FALSE]) > 0))

reached <- function(so_far, base, run, threshold) {
  n <- length(so_far)
  if (n < base + run) return(Inf)
  for (k in (base + run):n) if ((so_far[k] - so_far[k - run]) / so_far[base] <= threshold) return(k)
  Inf
}

permutations <- function(items) {
  if (length(items) <= 1) return(list(items))
  unlist(lapply(seq_along(items), function(i) lapply(permutations(items[-i]), function(rest) c(items[i], rest))),
         recursive = FALSE)
}

data <- read.csv(file.path(folder, "themes-data.csv"), row.names = 1)
m <- as.matrix(data)
n <- nrow(m)

given <- codes_so_far(m, 1:n)
for (k in 1:n) say("given", k, "cumulative", given[k])
for (k in 1:n) {  # the mean over every choice of k people: counted, not by formula
  say("all", k, "mean", mean(combn(n, k, function(rows) sum(colSums(m[rows, , drop = FALSE]) > 0))))
}
settings <- expand.grid(base = c(4, 5, 6), run = c(2, 3), threshold = c(0.05, 0))
for (i in seq_len(nrow(settings))) {
  s <- settings[i, ]
  say("points", sprintf("%d+%d@%g", s$base, s$run, s$threshold), "reached", reached(given, s$base, s$run, s$threshold))
}
set.seed(20261124)
drawn <- replicate(20000, reached(codes_so_far(m, sample(n)), 4, 2, 0.05))
say("drawn", "4+2@0.05", "share_reached", mean(is.finite(drawn)))
for (k in c(6, 7, 8, 9, 10, 11, 12)) say("drawn", k, "share_reached", mean(drawn <= k))

six <- m[1:6, ]  # few enough for every order
orders <- permutations(1:6)
every <- sapply(orders, function(order) reached(codes_so_far(six, order), 2, 2, 0.2))
say("six", "2+2@0.2", "orders", length(every))
say("six", "2+2@0.2", "share_reached", mean(is.finite(every)))
for (q in c(0.05, 0.5, 0.95)) say("six", "2+2@0.2", sprintf("quantile_%g", q), quantile(every, q, type = 1))
curves <- sapply(orders, function(order) codes_so_far(six, order))
for (k in 1:6) for (q in c(0.05, 0.95)) say("six", k, sprintf("cumulative_%g", q), quantile(curves[k, ], q, type = 1))

for (x in 0:7) {
  limits <- binom.test(x, 7)$conf.int
  say("exact", sprintf("%d/7", x), "low", limits[1]); say("exact", sprintf("%d/7", x), "high", limits[2])
}
for (x in c(0, 6, 8, 14)) {
  limits <- binom.test(x, 14)$conf.int
  say("exact", sprintf("%d/14", x), "low", limits[1]); say("exact", sprintf("%d/14", x), "high", limits[2])
}

spread <- apply(m, 2, sd) > 0
for (i in which(spread)) for (j in which(spread)) if (i < j) {
  key <- paste(colnames(m)[i], colnames(m)[j])
  say("phi", key, "phi", cor(m[, i], m[, j]))
  say("phi", key, "jaccard", 1 - as.numeric(dist(t(m[, c(i, j)]), method = "binary")))
}
