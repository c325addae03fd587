# Location and spread of a number, and its t interval. Run: Rscript numbers.R > numbers.csv
x <- list(all = c(45, 0, 600, 30.5, 12, 12, 90), low = c(0, 12, 12), two = c(1, 4))
cat("key,statistic,value\n")
for (key in names(x)) for (level in c(.95, .8)) {
  v <- x[[key]]; t <- t.test(v, conf.level = level); q <- quantile(v, c(.25, .5, .75), type = 7)
  say <- function(name, value) cat(sprintf("%s@%s,%s,%.15g\n", key, level, name, value))
  say("mean", mean(v)); say("sd", sd(v)); say("ci_low", t$conf.int[1]); say("ci_high", t$conf.int[2])
  say("q1", q[[1]]); say("median", q[[2]]); say("q3", q[[3]])
}
