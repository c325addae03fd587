# Numbers for the inference that was mended, from R alone. Run from this folder: Rscript inference.R
# Reads statistics-data.csv, writes inference.csv (topic, key, statistic, value). No random numbers. See inference.md.
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

result <- do.call(rbind, written)
result$value <- sprintf("%.15g", result$value)
write.csv(result, "inference.csv", row.names = FALSE, quote = FALSE)
