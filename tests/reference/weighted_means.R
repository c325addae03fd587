# Weighted means, quantiles, ranks, correlations and tables, by R's survey package.
# Run from this folder: Rscript weighted_means.R > weighted_means.csv
suppressPackageStartupMessages(library(survey))
data(api)
say <- function(of, statistic, value) cat(sprintf("%s,%s,%.15g\n", of, statistic, as.numeric(value)))
cat("of,statistic,value\n")

# How many, mean, spread, standard error, quartiles of the answers that are there.
describe <- function(of, y, w) {
  kept <- !is.na(y); if (sum(kept) < 2) return(invisible())
  d <- svydesign(ids = ~1, weights = ~w, data = data.frame(y = y, w = w)[kept, ])
  m <- svymean(~y, d)
  say(of, "mean", coef(m)); say(of, "se", SE(m)); say(of, "sd", sqrt(coef(svyvar(~y, d))))
  v <- weights(d); say(of, "effective", sum(v)^2 / sum(v^2))
  q <- svyquantile(~y, d, c(.25, .5, .75), qrule = "hf2", ci = FALSE)[[1]]
  say(of, "q1", q[1]); say(of, "median", q[2]); say(of, "q3", q[3])
}
# Two groups: the difference of means, and of ranks (ties broken, as svyranktest mixes the weights of tied ones).
compare <- function(of, y, g, w) {
  d <- svydesign(ids = ~1, weights = ~w, data = data.frame(y = y, g = as.numeric(g), w = w))
  fit <- svyglm(y ~ g, d); say(of, "difference", coef(fit)[2]); say(of, "difference_se", SE(fit)[2])
  r <- svyranktest(y ~ g, d); say(of, "rank_difference", r$estimate); say(of, "rank_t", r$statistic)
}
# A correlation and its standard error by the delta method.
correlate <- function(of, x, y, w) {
  kept <- !is.na(x) & !is.na(y)
  d <- svydesign(ids = ~1, weights = ~w, data = data.frame(x = x, y = y, w = w)[kept, ])
  m <- svymean(~x + y + I(x^2) + I(y^2) + I(x * y), d); names(m)
  attr(m, "names") <- NULL
  b <- coef(m); V <- vcov(m); f <- expression((e - a * b) / sqrt((c - a^2) * (d - b^2)))
  at <- list(a = b[[1]], b = b[[2]], c = b[[3]], d = b[[4]], e = b[[5]])
  grad <- sapply(letters[1:5], function(k) eval(D(f[[1]], k), at))
  say(of, "r", eval(f[[1]], at)); say(of, "r_se", sqrt(grad %*% V %*% grad))
}
midranks <- function(x, w) sapply(x, function(v) sum(w[x < v]) + sum(w[x == v]) / 2)
spearman <- function(of, x, y, w) {
  kept <- !is.na(x) & !is.na(y); x <- x[kept]; y <- y[kept]; w <- w[kept]
  correlate(of, midranks(x, w), midranks(y, w), w)
}
# A table: Rao and Scott's F, Pearson's chi-square of the weighted table, the log odds ratio of 2 x 2 ones.
table_of <- function(of, a, b, w) {
  kept <- !is.na(a) & !is.na(b)
  d <- svydesign(ids = ~1, weights = ~w, data = data.frame(a = factor(a), b = factor(b), w = w)[kept, ])
  f <- svychisq(~a + b, d); n <- sum(kept)
  say(of, "f", f$statistic); say(of, "ndf", f$parameter[1]); say(of, "ddf", f$parameter[2])
  say(of, "p", f$p.value)
  X <- suppressWarnings(chisq.test(svytable(~a + b, d, Ntotal = n), correct = FALSE))$statistic
  say(of, "chi_square", X)
  say(of, "v", sqrt(X / n / (min(nlevels(model.frame(d)$a), nlevels(model.frame(d)$b)) - 1)))
  if (nlevels(model.frame(d)$a) == 2 && nlevels(model.frame(d)$b) == 2) {
    fit <- svyglm(I(b == levels(b)[2]) ~ I(a == levels(a)[2]), d, family = quasibinomial())
    say(of, "log_or", coef(fit)[2]); say(of, "log_or_se", SE(fit)[2])
  }
}
# Two select-all questions (0, 1, missing): the sum of the chi-squares of all pairs, and the covariance of their
# roots as Bilder and Loughin have it, from what every respondent contributes.
item_tables <- function(of, A, B, w) {
  answered <- !is.na(A[, 1]) & !is.na(B[, 1])
  A <- A[answered, ]; B <- B[answered, ]; w <- w[answered]; n <- nrow(A)
  total <- 0; U <- NULL
  for (i in seq_along(A)) for (j in seq_along(B)) {
    a <- A[[i]]; b <- B[[j]]
    d <- svydesign(ids = ~1, weights = ~w, data = data.frame(a = a, b = b, w = w))
    total <- total + suppressWarnings(chisq.test(svytable(~a + b, d, Ntotal = n), correct = FALSE))$statistic
    p <- weighted.mean(a, w); q <- weighted.mean(b, w)
    U <- cbind(U, ((a - p) * (b - q) - weighted.mean((a - p) * (b - q), w)) / sqrt(p * (1 - p) * q * (1 - q)))
  }
  V <- vcov(svymean(U, svydesign(ids = ~1, weights = ~w, data = data.frame(w = w)))) * n
  trace <- sum(diag(V)); squares <- sum(V^2); df <- trace^2 / squares
  say(of, "sum", total); say(of, "f", total / trace); say(of, "ndf", df)
  say(of, "p", pf(total / trace, df, df * (n - 1), lower.tail = FALSE))
}

describe("api00", apistrat$api00, apistrat$pw)
for (s in levels(apistrat$stype)) with(apistrat[apistrat$stype == s, ], describe(paste0("api00 ", s), api00, pw))
two <- apistrat[apistrat$stype != "M", ]; two$broken <- two$enroll + seq_len(nrow(two)) / 1000
compare("enroll", two$broken, two$stype == "E", two$pw)
correlate("api99 api00", apistrat$api99, apistrat$api00, apistrat$pw)
table_of("stype awards", apistrat$stype, apistrat$awards, apistrat$pw)
table_of("sch.wide awards", apistrat$sch.wide, apistrat$awards, apistrat$pw)

x <- read.csv("weighted_means-data.csv", na.strings = "")
for (name in c("visits", "distance", "recommend", "service__staff", "service__rooms", "service__shelves",
               "matters__quiet", "matters__choice", "matters__help", "budget__stock", "budget__people")) {
  describe(name, x[[name]], x$weight)
  for (g in c("centre", "east", "west"))
    describe(paste(name, g), x[[name]][x$branch == g], x$weight[x$branch == g])
  for (g in c("books", "study", "events")) {
    inside <- which(x[[paste0("uses__", g)]] == 1)
    describe(paste(name, g), x[[name]][inside], x$weight[inside])
  }
}
x$joined <- as.numeric(as.Date(x$joined)); describe("joined", x$joined, x$weight)
with(x, correlate("visits distance", visits, distance, weight))
with(x, spearman("visits distance ranks", visits, distance, weight))
with(x, spearman("staff rooms ranks", service__staff, service__rooms, weight))
with(x, correlate("staff rooms", service__staff, service__rooms, weight))
with(x, table_of("branch member", branch, member, weight))
with(x, table_of("books hours", uses__books, wishes__hours, weight))
with(x, item_tables("uses wishes", x[paste0("uses__", c("books", "study", "events"))],
                    x[paste0("wishes__", c("hours", "cafe"))], weight))
