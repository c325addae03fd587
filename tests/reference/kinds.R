# Net score, rankings, constant sum and dates of kinds-data.csv. Base R. Run: Rscript kinds.R
d <- read.csv("kinds-data.csv", stringsAsFactors = FALSE)
out <- file("kinds.csv", "w")
cat("table,group,code,statistic,value\n", file = out)
say <- function(table, group, code, name, value)
  cat(sprintf("%s,%s,%s,%s,%.15g\n", table, group, code, name, value), file = out)
share <- function(table, group, code, name, n, base) {
  ci <- suppressWarnings(prop.test(n, base, correct = FALSE))$conf.int
  say(table, group, code, paste0("n_", name), n)
  say(table, group, code, name, n / base)
  say(table, group, code, paste0(name, "_low"), ci[1])
  say(table, group, code, paste0(name, "_high"), ci[2])
}
# Tango's interval without his formula: for each difference the largest likelihood of three shares is searched.
tango <- function(up, down, n, z = qnorm(.975)) {
  beyond <- function(diff) {
    loss <- function(q) {                       # q: share of detractors; q + diff that of promoters
      p <- c(q + diff, q, 1 - 2 * q - diff); k <- c(up, down, n - up - down)
      -sum(ifelse(k > 0, k * log(pmax(p, 1e-300)), 0))
    }
    q <- optimize(loss, c(max(0, -diff), (1 - diff) / 2), tol = 1e-13)$minimum
    (up - down - n * diff) / sqrt(n * (2 * q + diff - diff^2))
  }
  at <- (up - down) / n
  c(uniroot(function(x) beyond(x) - z, c(-1 + 1e-9, at - 1e-7), tol = 1e-12)$root,
    uniroot(function(x) beyond(x) + z, c(at + 1e-7, 1 - 1e-9), tol = 1e-12)$root)
}
for (group in c("", "north", "south")) {
  g <- if (group == "") d else d[d$site == group, ]
  x <- g$recommend[!is.na(g$recommend)]
  n <- length(x); up <- sum(x >= 9); down <- sum(x <= 6)
  say("nps", group, "", "base", n); say("nps", group, "", "mean", mean(x))
  share("nps", group, "", "promoters", up, n); share("nps", group, "", "passives", sum(x %in% 7:8), n)
  share("nps", group, "", "detractors", down, n)
  ci <- tango(up, down, n)
  say("nps", group, "", "score", (up - down) / n)
  say("nps", group, "", "ci_low", ci[1]); say("nps", group, "", "ci_high", ci[2])
  ranks <- g[grepl("^matters__", names(g))]
  base <- sum(rowSums(!is.na(ranks)) > 0)
  for (name in names(ranks)) {
    code <- sub("matters__", "", name); r <- ranks[[name]][!is.na(ranks[[name]])]; t <- t.test(r)
    say("ranking", group, code, "base", base); say("ranking", group, code, "n_ranked", length(r))
    share("ranking", group, code, "first", sum(r == 1), base)
    share("ranking", group, code, "in_top", sum(r <= 2), base)
    say("ranking", group, code, "mean_rank", mean(r))
    say("ranking", group, code, "ci_low", max(1, t$conf.int[1]))
    say("ranking", group, code, "ci_high", min(3, t$conf.int[2]))
  }
  for (name in names(g)[grepl("^budget__", names(g))]) {
    code <- sub("budget__", "", name); s <- g[[name]][!is.na(g[[name]])] / 100; t <- t.test(s)
    say("sum", group, code, "base", length(s)); say("sum", group, code, "share", mean(s))
    say("sum", group, code, "sd", sd(s)); say("sum", group, code, "median", median(s))
    say("sum", group, code, "ci_low", max(0, t$conf.int[1])); say("sum", group, code, "ci_high", min(1, t$conf.int[2]))
    share("sum", group, code, "something", sum(s > 0), length(s))
  }
  day <- as.Date(g$since[g$since != ""])
  say("date", group, "", "base", length(day))
  for (name in c("min", "max")) say("date", group, "", name, as.numeric(get(name)(day)))
  say("date", group, "", "median", floor(as.numeric(median(day))))
  years <- table(factor(format(day, "%Y"), levels = sort(unique(format(as.Date(d$since[d$since != ""]), "%Y")))))
  for (year in names(years)) share("years", group, year, "n", years[[year]], length(day))
}
close(out)
