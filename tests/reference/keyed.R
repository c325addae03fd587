# Cronbach's alpha of batteries with reversed items, from R. Run from this folder: Rscript keyed.R
# Reads keyed-data.csv (made up) and bfi of psychTools, writes keyed.csv (data, scale, statistic, value). See keyed.md.

library(psych)

written <- list()
note <- function(data, scale, statistic, value) {
  written[[length(written) + 1]] <<- data.frame(data, scale, statistic, value = signif(as.numeric(value), 15))
}

coefficients <- function(data, scale, items, reversed, range) {
  given <- items[complete.cases(items), ]
  note(data, scale, "base", nrow(given))
  for (name in reversed) given[[name]] <- sum(range) - given[[name]]
  found <- psych::alpha(given, check.keys = FALSE, warnings = FALSE)
  note(data, scale, "alpha", found$total$raw_alpha)
  rest <- found$item.stats$r.drop
  for (place in seq_along(rest)) note(data, scale, paste0("item_rest ", names(given)[place]), rest[place])
}

made_up <- read.csv("keyed-data.csv", check.names = FALSE)
made_up[made_up > 7] <- NA  # 98 and 99 rate nothing
coefficients("made_up", "mood", made_up[, 1:4], c("tired", "tense"), c(1, 7))
coefficients("made_up", "stars", made_up[, 5:7], "poor", c(1, 3))
means <- sapply(made_up, mean, na.rm = TRUE)
sds <- sapply(made_up, sd, na.rm = TRUE)
for (name in names(made_up)) {
  note("made_up", name, "rated", sum(!is.na(made_up[[name]])))
  note("made_up", name, "mean", means[[name]])
  note("made_up", name, "sd", sds[[name]])
}
spearman <- cor.test(made_up$calm, made_up$glad, method = "spearman", exact = FALSE)
note("made_up", "calm glad", "spearman", spearman$estimate)

data(bfi, package = "psychTools")
reversed <- list(A = "A1", C = c("C4", "C5"), E = c("E1", "E2"), N = character(), O = c("O2", "O5"))
for (trait in names(reversed)) {
  coefficients("bfi", trait, bfi[, paste0(trait, 1:5)], reversed[[trait]], c(1, 6))
  own <- bfi[, paste0(trait, 1:5)]
  for (name in reversed[[trait]]) own[[name]] <- 7 - own[[name]]
  # As its help page has it: covariances of those who answered either pair.
  note("bfi", trait, "alpha_pairwise", psych::alpha(own, check.keys = FALSE, warnings = FALSE)$total$raw_alpha)
}

write.csv(do.call(rbind, written), "keyed.csv", row.names = FALSE, quote = FALSE)
