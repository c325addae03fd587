# Raking, post-stratification and trimming by R's survey package, on its own example data (apisrs).
# Run: Rscript raking.R   (R 4.2.2, survey 4.1.1: Debian's r-base-core and r-cran-survey; 2026-11-29)
# It writes raking-data.csv (what the tests read) and raking.csv (the weights, in multiples of their mean).
suppressPackageStartupMessages(library(survey))
data(api)
srs <- svydesign(ids = ~1, weights = ~pw, data = apisrs)
skewed <- svydesign(ids = ~1, weights = ~I(1 + api00 / 400), data = apisrs)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
cells <- data.frame(expand.grid(stype = c("E", "H", "M"), sch.wide = c("No", "Yes")),
                    Freq = c(500, 272, 300, 3921, 483, 718))
tight <- list(maxit = 1000, epsilon = 1e-12)
raked <- rake(srs, list(~stype, ~sch.wide), list(types, wide), control = tight)
from <- rake(skewed, list(~stype, ~sch.wide), list(types, wide), control = tight)
post <- postStratify(srs, ~ stype + sch.wide, cells)
mean1 <- function(design) weights(design) / mean(weights(design))
trimmed <- function(design, low, high) {
  m <- mean(weights(design))
  mean1(trimWeights(design, upper = high * m, lower = low * m, strict = TRUE))
}
write.csv(data.frame(stype = apisrs$stype, sch_wide = apisrs$sch.wide, start = 1 + apisrs$api00 / 400),
          "raking-data.csv", row.names = FALSE, quote = FALSE)
out <- data.frame(raked = mean1(raked), from_start = mean1(from), post = mean1(post),
                  raked_095_102 = trimmed(raked, 0.95, 1.02), from_08_12 = trimmed(from, 0.8, 1.2),
                  post_06_11 = trimmed(post, 0.6, 1.1))
write.csv(format(out, digits = 12), "raking.csv", row.names = FALSE, quote = FALSE)
