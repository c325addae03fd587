# Numbers for tests/published/test_bounds.py, from R. Run: Rscript tests/reference/audit.R > tests/reference/audit.csv
suppressPackageStartupMessages(library(survey))
cat("test,a,b,c,d,e,f,value\n")
# Exact McNemar test: binom.test on the discordant pairs (a, b).
for (pair in list(c(7, 0), c(26, 19), c(8, 0), c(27, 19), c(10, 0), c(29, 19), c(38, 19), c(0, 0), c(3, 9))) {
  p <- if (sum(pair) == 0) 1 else binom.test(pair[1], sum(pair))$p.value
  cat(sprintf("mcnemar,%d,%d,,,,,%.15g\n", pair[1], pair[2], p))
}
# Difference of two shares whose groups overlap: respondents as clusters (survey package), no small-sample factor.
# a, b: bases; c, d: counts; e: respondents in both groups; f: those of them with the answer.
for (one in list(c(29, 41, 19, 26, 10, 6), c(87, 90, 57, 54, 60, 40), c(58, 112, 38, 71, 50, 30), c(29, 90, 19, 54, 0, 0))) {
  a <- one[1]; b <- one[2]; x <- one[3]; y <- one[4]; both <- one[5]; yes <- one[6]
  answer <- c(rep(1, yes), rep(0, both - yes), rep(1, x - yes), rep(0, a - both - x + yes), rep(1, y - yes), rep(0, b - both - y + yes))
  inA <- c(rep(TRUE, both), rep(TRUE, a - both), rep(FALSE, b - both))
  inB <- c(rep(TRUE, both), rep(FALSE, a - both), rep(TRUE, b - both))
  id <- seq_along(answer)
  long <- data.frame(id = c(id[inA], id[inB]), first = c(rep(1, a), rep(0, b)), answer = c(answer[inA], answer[inB]))
  fit <- svyglm(answer ~ first, svydesign(ids = ~id, weights = ~1, data = long))
  n <- length(unique(long$id))
  variance <- vcov(fit)[2, 2] * (n - 1) / n
  cat(sprintf("robust,%d,%d,%d,%d,%d,%d,%.15g\n", a, b, x, y, both, yes, variance))
}
