# Reference numbers for the statistics, from R alone. Run from this folder: Rscript statistics.R
# Reads statistics-data.csv, writes statistics.csv (topic, key, statistic, value). See statistics.md.

given <- read.csv("statistics-data.csv", na.strings = "", check.names = FALSE)
sizes <- c("small", "medium", "large")
channels <- given[grep("^channels__", names(given))]
hurdles <- given[grep("^hurdles__", names(given))]
names(channels) <- sub("^channels__", "", names(channels))
names(hurdles) <- sub("^hurdles__", "", names(hurdles))
size <- as.data.frame(sapply(sizes, function(one) as.integer(given$size == one)))
top <- as.data.frame(lapply(hurdles, function(rating) as.integer(rating >= 4)))

written <- list()
note <- function(topic, key, ...) {
  values <- c(...)
  written[[length(written) + 1]] <<- data.frame(
    topic = topic, key = key, statistic = names(values), value = as.numeric(values)
  )
}

wilson <- function(n, base, level = 0.95) {
  if (base == 0) return(c(NA, NA))
  as.numeric(suppressWarnings(prop.test(n, base, correct = FALSE, conf.level = level))$conf.int)
}
exact <- function(n, base, level = 0.95) {
  as.numeric(binom.test(n, base, conf.level = level)$conf.int)
}
# Newcombe (1998), method 10: the Wilson limits of both shares, combined.
newcombe <- function(n1, base1, n2, base2, level = 0.95) {
  p1 <- n1 / base1
  p2 <- n2 / base2
  w1 <- wilson(n1, base1, level)
  w2 <- wilson(n2, base2, level)
  c(
    p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2),
    p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2)
  )
}
# Newcombe (1998, Statistics in Medicine 17, 2635-2650), method 10: paired shares, phi corrected for continuity.
newcombe_paired <- function(a, b, c, d, level = 0.95) {
  n <- a + b + c + d
  p1 <- (a + b) / n
  p2 <- (a + c) / n
  w1 <- wilson(a + b, n, level)
  w2 <- wilson(a + c, n, level)
  top <- a * d - b * c
  if (top > 0) top <- max(top - n / 2, 0)
  bottom <- sqrt((a + b) * (c + d) * (a + c) * (b + d))
  phi <- if (bottom == 0) 0 else top / bottom
  c(
    p1 - p2 - sqrt((p1 - w1[1])^2 - 2 * phi * (p1 - w1[1]) * (w2[2] - p2) + (w2[2] - p2)^2),
    p1 - p2 + sqrt((w1[2] - p1)^2 - 2 * phi * (w1[2] - p1) * (p2 - w2[1]) + (p2 - w2[1])^2)
  )
}
share <- function(topic, key, n, base) {
  w <- wilson(n, base)
  w90 <- wilson(n, base, 0.90)
  e <- exact(n, base)
  note(topic, key,
    n = n, base = base, proportion = n / base, wilson_low = w[1], wilson_high = w[2],
    wilson90_low = w90[1], wilson90_high = w90[2], exact_low = e[1], exact_high = e[2]
  )
}

# -- shares ----------------------------------------------------------------------------------------
for (one in sizes) share("frequency", paste0("size|", one), sum(size[[one]], na.rm = TRUE), sum(!is.na(size[[one]])))
for (one in names(channels)) {
  share("frequency", paste0("channels|", one), sum(channels[[one]], na.rm = TRUE), sum(!is.na(channels[[one]])))
}
for (item in names(hurdles)) {
  for (point in 1:5) {
    rating <- na.omit(hurdles[[item]])
    share("frequency", paste("hurdles", item, point, sep = "|"), sum(rating == point), length(rating))
  }
}

# -- importance ------------------------------------------------------------------------------------
shares <- sapply(top, mean, na.rm = TRUE)
ranks <- rank(-shares, ties.method = "min")
worst <- rank(-shares, ties.method = "max")
for (item in names(hurdles)) {
  rating <- na.omit(hurdles[[item]])
  share("importance", item, sum(rating >= 4), length(rating))
  note("importance", item,
    mean = mean(rating), sd = sd(rating), median = median(rating), rank = ranks[[item]],
    rank_low = ranks[[item]], rank_high = worst[[item]]
  )
}

# -- cross-tabs: a group against its complement ----------------------------------------------------
crosstab <- function(topic, stub, banner) {
  answered <- rowSums(!is.na(banner)) > 0
  keys <- c()
  p_values <- c()
  for (row in names(stub)) {
    for (group in names(banner)) {
      inside <- which(answered & banner[[group]] == 1 & !is.na(stub[[row]]))
      outside <- which(answered & banner[[group]] == 0 & !is.na(stub[[row]]))
      n <- sum(stub[[row]][inside])
      m <- sum(stub[[row]][outside])
      table <- matrix(c(n, length(inside) - n, m, length(outside) - m), nrow = 2, byrow = TRUE)
      limits <- newcombe(n, length(inside), m, length(outside))
      w <- wilson(n, length(inside))
      key <- paste(row, group, sep = "|")
      p_value <- fisher.test(table)$p.value
      note(topic, key,
        n = n, base = length(inside), complement_n = m, complement_base = length(outside),
        proportion = n / length(inside), ci_low = w[1], ci_high = w[2],
        difference = n / length(inside) - m / length(outside),
        difference_low = limits[1], difference_high = limits[2], p_value = p_value
      )
      keys <- c(keys, key)
      p_values <- c(p_values, p_value)
    }
  }
  adjusted <- p.adjust(p_values, "holm")
  for (i in seq_along(keys)) note(topic, keys[i], p_adjusted = adjusted[i])
}
crosstab("crosstab size x channels", size, channels)
crosstab("crosstab channels x size", channels, size)
crosstab("crosstab hurdles x channels", top, channels)

# -- items of one battery --------------------------------------------------------------------------
cochran <- function(topic, yes) {
  complete <- as.matrix(na.omit(yes))
  k <- ncol(complete)
  columns <- colSums(complete)
  rows <- rowSums(complete)
  q <- (k - 1) * (k * sum(columns^2) - sum(columns)^2) / (k * sum(rows) - sum(rows^2))
  note(topic, "cochran_q",
    statistic = q, df = k - 1, p_value = pchisq(q, k - 1, lower.tail = FALSE),
    effect = q / (nrow(complete) * (k - 1)), base = nrow(complete)
  )
  # The same by generalised Cochran-Mantel-Haenszel with the respondents as strata.
  long <- data.frame(
    item = factor(rep(seq_len(k), each = nrow(complete))),
    yes = factor(as.vector(complete), levels = 0:1),
    respondent = factor(rep(seq_len(nrow(complete)), k))
  )
  cmh <- mantelhaen.test(table(long$item, long$yes, long$respondent))
  note(topic, "cochran_q", cmh_statistic = cmh$statistic[[1]], cmh_p_value = cmh$p.value)
}
pairs <- function(frame, one) {
  keys <- c()
  p_values <- c()
  names_of <- names(frame)
  for (i in 1:(length(names_of) - 1)) {
    for (j in (i + 1):length(names_of)) {
      key <- paste(names_of[i], names_of[j], sep = "|")
      p_values <- c(p_values, one(key, na.omit(frame[c(i, j)])))
      keys <- c(keys, key)
    }
  }
  list(keys = keys, adjusted = p.adjust(p_values, "holm"))
}
mcnemar <- function(topic, yes) {
  done <- pairs(yes, function(key, pair) {
    first <- sum(pair[[1]] == 1 & pair[[2]] == 0)
    second <- sum(pair[[1]] == 0 & pair[[2]] == 1)
    discordant <- first + second
    found <- binom.test(first, discordant)
    limits <- newcombe_paired(sum(pair[[1]] == 1 & pair[[2]] == 1), first, second, sum(pair[[1]] == 0 & pair[[2]] == 0))
    note(topic, key,
      statistic = first, base = nrow(pair), effect = (first - second) / nrow(pair),
      p_value = found$p.value, ci_low = limits[1], ci_high = limits[2]
    )
    found$p.value
  })
  for (i in seq_along(done$keys)) note(topic, done$keys[i], p_adjusted = done$adjusted[i])
}
cochran("compare hurdles", top)
mcnemar("compare hurdles", top)
cochran("compare channels", channels)
mcnemar("compare channels", channels)

complete <- as.matrix(na.omit(hurdles))
friedman <- friedman.test(complete)
ranked <- t(apply(complete, 1, rank))
m <- nrow(complete)
k <- ncol(complete)
ties <- sum(apply(complete, 1, function(row) sum(table(row)^3 - table(row))))
w <- (12 * sum((colSums(ranked) - m * (k + 1) / 2)^2)) / (m^2 * (k^3 - k) - m * ties)
note("compare hurdles", "friedman",
  statistic = friedman$statistic[[1]], df = friedman$parameter[[1]], p_value = friedman$p.value,
  effect = w, base = m
)

# Signed ranks: normal approximation, corrected for ties and continuity (R's own default where there are ties).
done <- pairs(hurdles, function(key, pair) {
  difference <- pair[[1]] - pair[[2]]
  moved <- difference[difference != 0]
  signed <- rank(abs(moved))
  plus <- sum(signed[moved > 0])
  minus <- sum(signed[moved < 0])
  found <- suppressWarnings(wilcox.test(pair[[1]], pair[[2]], paired = TRUE, exact = FALSE, correct = TRUE))
  stopifnot(isTRUE(all.equal(found$statistic[[1]], plus)))
  note("wilcoxon hurdles", key,
    statistic = min(plus, minus), p_value = found$p.value,
    effect = (plus - minus) / (plus + minus), base = nrow(pair)
  )
  found$p.value
})
for (i in seq_along(done$keys)) note("wilcoxon hurdles", done$keys[i], p_adjusted = done$adjusted[i])

# -- reliability -----------------------------------------------------------------------------------
alpha <- suppressWarnings(psych::alpha(complete, check.keys = FALSE))$total$raw_alpha
feldt <- function(level) {
  tail <- (1 - level) / 2
  c(
    1 - (1 - alpha) * qf(1 - tail, m - 1, (m - 1) * (k - 1)),
    1 - (1 - alpha) * qf(tail, m - 1, (m - 1) * (k - 1))
  )
}
note("reliability hurdles", "cronbach_alpha", statistic = alpha, base = m)
note("reliability hurdles", "cronbach_alpha", ci_low = feldt(0.95)[1], ci_high = feldt(0.95)[2])
note("reliability hurdles", "cronbach_alpha", ci90_low = feldt(0.90)[1], ci90_high = feldt(0.90)[2])
by_psych <- psych::alpha.ci(alpha, m, k, digits = 12)
note("reliability hurdles", "cronbach_alpha", psych_low = by_psych$lower.ci[[1]], psych_high = by_psych$upper.ci[[1]])

# -- select-all ------------------------------------------------------------------------------------
answered <- channels[rowSums(!is.na(channels)) > 0, ]
per_respondent <- rowSums(answered, na.rm = TRUE)
note("mentions channels", "all",
  base = nrow(answered), mentions = sum(per_respondent), mean_mentions = mean(per_respondent),
  sd_mentions = sd(per_respondent), median_mentions = median(per_respondent),
  ticked_nothing = sum(per_respondent == 0), no_answer = nrow(channels) - nrow(answered)
)
for (one in names(channels)) {
  n <- sum(channels[[one]], na.rm = TRUE)
  note("mentions channels", one, n = n, share_of_mentions = n / sum(per_respondent))
  for (other in names(channels)) {
    both <- na.omit(data.frame(first = channels[[one]], second = channels[[other]]))
    note("overlap channels", paste(one, other, sep = "|"), n = sum(both$first * both$second), base = sum(both$first))
  }
}

# -- corners and published examples ----------------------------------------------------------------
for (pair in list(c(0, 10), c(10, 10), c(1, 1), c(0, 1), c(0, 20), c(1, 29), c(15, 148), c(81, 263))) {
  share("share", paste(pair, collapse = "/"), pair[1], pair[2])
}
differences <- list(
  c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29),
  c(0, 10, 0, 20), c(0, 10, 0, 10), c(10, 10, 0, 20), c(10, 10, 0, 10)
)
for (four in differences) {
  limits <- newcombe(four[1], four[2], four[3], four[4])
  note("difference", sprintf("%d/%d-%d/%d", four[1], four[2], four[3], four[4]), low = limits[1], high = limits[2])
}
for (four in list(c(3, 1, 1, 3), c(10, 2, 3, 15), c(0, 5, 5, 0), c(29, 13, 60, 35), c(7, 93, 1, 36))) {
  note("fisher", sprintf("%d:%d|%d:%d", four[1], four[2], four[3], four[4]), p_value = fisher.test(matrix(four, nrow = 2, byrow = TRUE))$p.value)
}
raw <- c(0.01, 0.04, 0.03, 0.005, 0.5, 0.04)
adjusted <- p.adjust(raw, "holm")
for (i in seq_along(raw)) note("holm", i, raw = raw[i], adjusted = adjusted[i])

all <- do.call(rbind, written)
all$value <- trimws(formatC(all$value, digits = 15, format = "g"))
write.csv(all, "statistics.csv", row.names = FALSE, quote = FALSE, eol = "\n")
