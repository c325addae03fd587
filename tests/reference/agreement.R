# Cohen's kappa of every two of three coders, and its mean, by psych; percent agreement in base R.
# Run in tests/reference: Rscript agreement.R > agreement.csv
suppressMessages(library(psych))
data <- read.csv("agreement-data.csv")
pairs <- list(c("ann", "bo"), c("ann", "chi"), c("bo", "chi"))
cat("code,statistic,value\n")
for (code in unique(data$code)) {
  part <- data[data$code == code, c("ann", "bo", "chi")]
  kappas <- c()
  for (pair in pairs) {
    both <- part[complete.cases(part[, pair]), pair]
    kappa <- suppressWarnings(cohen.kappa(both)$kappa)
    kappas <- c(kappas, kappa)
    cat(sprintf("%s,kappa %s %s,%.12f\n", code, pair[1], pair[2], kappa))
    cat(sprintf("%s,agreement %s %s,%.12f\n", code, pair[1], pair[2], mean(both[, 1] == both[, 2])))
  }
  cat(sprintf("%s,kappa mean,%.12f\n", code, mean(kappas)))
  # Gwet (2014): share of agreeing pairs, chance from the mean shares of the categories.
  yes <- rowSums(part == 1, na.rm = TRUE); rated <- rowSums(!is.na(part)); no <- rated - yes
  several <- rated >= 2
  observed <- mean(((yes * (yes - 1) + no * (no - 1)) / (rated * (rated - 1)))[several])
  share <- mean((yes / rated)[rated >= 1]); chance <- 2 * share * (1 - share)
  cat(sprintf("%s,agreement,%.12f\n", code, observed))
  cat(sprintf("%s,ac1,%.12f\n", code, (observed - chance) / (1 - chance)))
}
