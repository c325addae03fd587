# Numbers for the inference that was mended, from R alone. Run from this folder: Rscript inference.R
# Reads statistics-data.csv, writes inference.csv (topic, key, statistic, value). inference-scale.csv is drawn with set.seed(1). See inference.md.
given <- read.csv("statistics-data.csv", na.strings = "", check.names = FALSE)
written <- list()
note <- function(topic, key, ...) {
  values <- c(...)
  written[[length(written) + 1]] <<- data.frame(topic = topic, key = key, statistic = names(values), value = as.numeric(values))
}

# -- one hypothesis: firms of two sizes, the one against the other; each item of the battery is tested once -------------
two <- given[given$size %in% c("small", "medium"), ]
items <- sub("^hurdles__", "", grep("^hurdles__", names(two), value = TRUE))
shares <- ratings <- setNames(rep(NA, length(items)), items)
for (item in items) {
  rated <- two[[paste0("hurdles__", item)]]
  small <- rated[two$size == "small"]; medium <- rated[two$size == "medium"]
  small <- small[!is.na(small)]; medium <- medium[!is.na(medium)]
  shares[item] <- fisher.test(matrix(c(sum(small >= 4), sum(small < 4), sum(medium >= 4), sum(medium < 4)), 2))$p.value
  ratings[item] <- suppressWarnings(wilcox.test(small, medium, exact = FALSE, correct = TRUE))$p.value
}
for (item in items) {
  note("two_groups", item, fisher = unname(shares[item]), fisher_holm = unname(p.adjust(shares, "holm")[item]),
    mann_whitney = unname(ratings[item]), mann_whitney_holm = unname(p.adjust(ratings, "holm")[item]))
}

# -- the power of exact tests: every sample, each tested by fisher.test or binom.test ---------------------------------
fisher_power <- function(n1, n2, p1, p2, levels) {
  power <- 0 * levels
  for (x in 0:n1) for (y in 0:n2) if (x / n1 > y / n2) {
    p <- fisher.test(matrix(c(x, n1 - x, y, n2 - y), 2))$p.value
    power <- power + dbinom(x, n1, p1) * dbinom(y, n2, p2) * (p <= levels)
  }
  power
}
mcnemar_power <- function(n, discordant, difference, levels) {
  power <- 0 * levels
  for (m in 1:n) for (x in 0:m) if (2 * x > m)
    power <- power + dbinom(m, n, discordant) * dbinom(x, m, (1 + difference / discordant) / 2) * (binom.test(x, m)$p.value <= levels)
  power
}
for (one in list(c(42, 95, .252), c(29, 108, .285), c(8, 12, .45))) {
  values <- fisher_power(one[1], one[2], .5 + one[3], .5, c(.05, .05 / 44))
  note("fisher_power", paste(one, collapse = "|"), exact = values[1], first_step = values[2])
}
for (one in list(c(137, .3, .127), c(20, .5, .3))) {
  values <- mcnemar_power(one[1], one[2], one[3], c(.05, .05 / 28))
  note("mcnemar_power", paste(one, collapse = "|"), exact = values[1], first_step = values[2])
}

# -- Wilcoxon's signed ranks of few respondents: all patterns of signs; wilcox.test where it is exact, and its approximation --
signed <- list(no_ties = c(1.5, -0.5, 3, 4, 2, -1, 6, 5), ties = c(3, 2, 1, -1, 1, 2, 2, 4), zeros = c(0, 1, 2, 2, 0, -1, 3, 1, 1, 4))
for (name in names(signed)) {
  d <- signed[[name]]; d <- d[d != 0]; ranks <- rank(abs(d))
  sums <- as.matrix(expand.grid(rep(list(0:1), length(d)))) %*% ranks
  w <- min(sum(ranks[d > 0]), sum(ranks[d < 0]))
  own <- suppressWarnings(wilcox.test(signed[[name]]))$p.value  # exact only without ties and zeros
  note("wilcoxon", name, statistic = w, exact = min(1, 2 * mean(sums <= w + 1e-9)), r = own,
    normal = suppressWarnings(wilcox.test(signed[[name]], exact = FALSE, correct = TRUE))$p.value)
}

# -- items in opposite directions: psych turns those that run against the first component ---------------------------------
suppressPackageStartupMessages(library(psych))
set.seed(1)
common <- rnorm(80)
scale <- as.data.frame(sapply(1:6, function(k) pmin(5, pmax(1, round(3 + common + rnorm(80, sd = .9))))))
names(scale) <- items[1:6]
turned <- scale; turned[c(2, 5)] <- 6 - turned[c(2, 5)]
write.csv(turned, "inference-scale.csv", row.names = FALSE)
note("keyed", "plain", alpha = suppressWarnings(psych::alpha(turned, check.keys = FALSE))$total$raw_alpha)
keyed <- suppressWarnings(psych::alpha(turned, check.keys = TRUE))
note("keyed", "keyed", alpha = keyed$total$raw_alpha,
  omega = { l <- fa(scale, 1, fm = "minres")$loadings[, 1]; r <- cor(scale); 1 - sum(1 - l^2) / sum(r) })

result <- do.call(rbind, written)
result$value <- sprintf("%.15g", result$value)
write.csv(result, "inference.csv", row.names = FALSE, quote = FALSE)
