# Derived variables and nested banners in base R, from tests/reference/derived-data.csv (empty: no answer).
#   Rscript tests/reference/derived.R
# writes derived.csv: one row per respondent and variable (`what` = its id), and one per cell of the cross-tab of
# `markets` by sector x size (`what` = "crosstab"): n, base, complement and Fisher's p.
data <- read.csv("tests/reference/derived-data.csv", na.strings = "")
out <- data.frame()
add <- function(what, key, value) {
  out <<- rbind(out, data.frame(what = what, key = key, value = trimws(as.character(value))))
}
row <- seq_len(nrow(data))
size <- cut(data$revenue, c(-Inf, 10, 100, Inf), labels = c("small", "medium", "large"), right = FALSE)
add("size", row, size)
trust <- data[, c("trust__banks", "trust__courts", "trust__press")]
score <- ifelse(rowSums(!is.na(trust)) >= 2, rowMeans(trust, na.rm = TRUE), NA)
add("trust_score", row, formatC(score, digits = 15, format = "g"))
add("trust_level", row, ifelse(score < 3, "low", "high"))
add("trust_sum", row, data$trust__banks + data$trust__courts)
makers <- ifelse(data$sector %in% c("biotech", "pharma"), "drugs", ifelse(is.na(data$sector), NA, "rest"))
add("makers", row, makers)
add("courts_view", row, ifelse(data$trust__courts <= 2, "against", ifelse(data$trust__courts >= 4, "for", NA)))
for (net in list(c("west", "america", "europe"), c("old_world", "europe", "asia"))) {
  add(paste0("regions__", net[1]), row, data[[paste0("markets__", net[2])]] | data[[paste0("markets__", net[3])]])
}
# R's & and | are Kleene's: NA only where the rest does not decide.
core <- (makers == "drugs" & size != "small") & (data$markets__america == 1 | data$trust__banks >= 4)
wider <- data$revenue >= 10
target <- ifelse(core, "core", ifelse(wider, "wider", ifelse(!core & !wider, "outside", NA)))
add("target", row, target)
cell <- interaction(data$sector, size, sep = ".")
add("sector*size", row, as.character(cell))
for (market in c("america", "europe", "asia")) {
  ticked <- data[[paste0("markets__", market)]]
  for (group in levels(cell)) {
    known <- !is.na(cell) & !is.na(ticked)
    inside <- known & cell == group
    counts <- c(sum(ticked[inside]), sum(inside), sum(ticked[known & !inside]), sum(known & !inside))
    p <- NA_real_
    if (min(counts[2], counts[4]) >= 5) {
      p <- fisher.test(matrix(c(counts[1], counts[2] - counts[1], counts[3], counts[4] - counts[3]), 2))$p.value
    }
    key <- paste(market, group)
    for (at in 1:4) add(paste0("crosstab_", c("n", "base", "complement_n", "complement_base")[at]), key, counts[at])
    add("crosstab_p", key, formatC(p, digits = 12, format = "g"))
  }
}
write.csv(out, "tests/reference/derived.csv", row.names = FALSE, na = "", quote = FALSE)
cat(R.version.string, "\n")
