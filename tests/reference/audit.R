# Numbers for tests/published/test_bounds.py, from R. Run: Rscript tests/reference/audit.R > tests/reference/audit.csv
suppressPackageStartupMessages(library(survey))
cat("test,a,b,c,d,e,f,value\n")
# Exact McNemar test: binom.test on the discordant pairs (a, b).
for (pair in list(c(7, 0), c(26, 19), c(8, 0), c(27, 19), c(10, 0), c(29, 19), c(38, 19), c(0, 0), c(3, 9))) {
  p <- if (sum(pair) == 0) 1 else binom.test(pair[1], sum(pair))$p.value
  cat(sprintf("mcnemar,%d,%d,,,,,%.15g\n", pair[1], pair[2], p))
}
# Difference of two shares whose groups overlap: the z test with the larger of two variances, from one row per respondent.
# a, b: bases; c, d: counts; e: respondents in both groups; f: those of them with the answer. "own" is the sum of squared
# contributions around the common share; robust, that around the own shares (survey package, respondents as clusters, without
# its factor n / (n - 1)), is not used: it is far too small where a small group has a share near 0 or 1 (8 of whom none, in 60).
for (one in list(c(29, 41, 19, 26, 10, 6), c(87, 90, 57, 54, 60, 40), c(58, 112, 38, 71, 50, 30), c(29, 90, 19, 54, 0, 0),
                 c(8, 60, 0, 24, 0, 0), c(8, 60, 0, 24, 8, 0), c(5, 60, 5, 30, 3, 3), c(42, 90, 21, 60, 42, 21))) {
  a <- one[1]; b <- one[2]; x <- one[3]; y <- one[4]; both <- one[5]; yes <- one[6]
  answer <- c(rep(1, yes), rep(0, both - yes), rep(1, x - yes), rep(0, a - both - x + yes), rep(1, y - yes), rep(0, b - both - y + yes))
  inA <- c(rep(TRUE, both), rep(TRUE, a - both), rep(FALSE, b - both))
  inB <- c(rep(TRUE, both), rep(FALSE, a - both), rep(TRUE, b - both))
  weight <- inA / a - inB / b; common <- (x + y) / (a + b)
  homogeneous <- common * (1 - common) * sum(weight^2); own <- sum((weight * (answer - common))^2)
  p <- 2 * pnorm(-abs(sum(weight * answer)) / sqrt(max(homogeneous, own)))
  id <- seq_along(answer)
  long <- data.frame(id = c(id[inA], id[inB]), first = c(rep(1, a), rep(0, b)), answer = c(answer[inA], answer[inB]))
  fit <- svyglm(answer ~ first, svydesign(ids = ~id, weights = ~1, data = long)); n <- length(unique(long$id))
  values <- c(homogeneous = homogeneous, own = own, p = p, robust = vcov(fit)[2, 2] * (n - 1) / n)
  for (name in names(values)) cat(sprintf("%s,%d,%d,%d,%d,%d,%d,%.15g\n", name, a, b, x, y, both, yes, values[[name]]))
}
