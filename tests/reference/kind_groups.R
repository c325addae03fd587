# Groups compared by net scores, mean ranks, mean shares and dates: kind_groups-data.csv. Base R. Run: Rscript kind_groups.R
d <- read.csv("kind_groups-data.csv", stringsAsFactors = FALSE)
out <- file("kind_groups.csv", "w")
cat("table,item,group,other,statistic,value\n", file = out)
say <- function(table, item, group, other, ...) {
  values <- c(...)
  for (name in names(values))
    cat(sprintf("%s,%s,%s,%s,%s,%.15g\n", table, item, group, other, name, values[[name]]), file = out)
}
groups <- sub("teams__", "", names(d)[grepl("^teams__", names(d))])
member <- function(g) d[[paste0("teams__", g)]] == 1
score <- ifelse(is.na(d$recommend), NA, (d$recommend >= 9) - (d$recommend <= 6))
values <- list(nps = list(list("", score)), date = list(list("", as.numeric(as.Date(ifelse(d$since == "", NA, d$since))))),
  ranking = lapply(c("price", "taste", "speed", "health"), function(o) list(o, d[[paste0("matters__", o)]])),
  constant_sum = lapply(c("kitchen", "staff", "rooms"), function(o) list(o, d[[paste0("budget__", o)]] / 100)))
welch <- function(x, y) {
  if (sd(c(x - mean(x), y - mean(y))) == 0) return(c(t = NA, df = NA, p = NA, low = NA, high = NA))
  t <- t.test(x, y)
  c(t = unname(t$statistic), df = unname(t$parameter), p = t$p.value, low = t$conf.int[1], high = t$conf.int[2])
}
# Every way to choose the members of the first group, by recursion over the distinct values; |Welch's t| as large.
exact <- function(x, y, both = numeric(0)) {
  all <- c(x, y); v <- sort(unique(all)); size <- as.integer(table(factor(all, v))); n1 <- length(x)
  stat <- function(k) {
    a <- c(rep(v, k), both); b <- c(rep(v, size - k), both)
    diff <- mean(a) - mean(b)
    if (abs(diff) < 1e-12) return(0)
    abs(diff) / sqrt(overlap_variance(rep(v, k), rep(v, size - k), both))
  }
  seen <- stat(as.integer(table(factor(x, v)))) * (1 - 1e-9); total <- 0; reached <- 0
  walk <- function(k, left, ways) {
    at <- length(k) + 1
    if (at > length(v)) {
      if (left == 0) { total <<- total + ways; if (stat(k) >= seen) reached <<- reached + ways }
      return(invisible())
    }
    for (one in 0:min(size[at], left)) walk(c(k, one), left - one, ways * choose(size[at], one))
  }
  walk(integer(0), n1, 1)
  reached / total
}
# Variance of the difference of means of two groups that share respondents: from rows, one term a respondent.
overlap_variance <- function(x, y, both) {
  a <- c(x, both); b <- c(y, both); n1 <- length(a); n2 <- length(b)
  own <- sum(c((x - mean(a)) / sqrt(n1 * (n1 - 1)), -(y - mean(b)) / sqrt(n2 * (n2 - 1)),
               (both - mean(a)) / sqrt(n1 * (n1 - 1)) - (both - mean(b)) / sqrt(n2 * (n2 - 1)))^2)
  alike <- var(a) / n1 + var(b) / n2 - 2 * sd(a) * sd(b) * length(both) / (n1 * n2)
  max(own, alike)
}
overlap_t <- function(x, y, both) {  # degrees of freedom: Derrick, Russ, Toher & White (2017)
  a <- c(x, both); b <- c(y, both); na <- length(x); nb <- length(y); nc <- length(both)
  first <- var(a) / length(a); second <- var(b) / length(b)
  gamma <- (first + second)^2 / (first^2 / (length(a) - 1) + second^2 / (length(b) - 1))
  df <- (nc - 1) + (gamma - nc + 1) / (na + nb + 2 * nc) * (na + nb)
  error <- sqrt(overlap_variance(x, y, both)); diff <- mean(a) - mean(b); half <- qt(.975, df) * error
  c(t = diff / error, df = df, p = 2 * pt(-abs(diff / error), df), low = diff - half, high = diff + half)
}
tango <- function(s, z = qnorm(.975)) {  # as in kinds.R: the likelihood is searched
  n <- length(s); up <- sum(s == 1); down <- sum(s == -1); at <- (up - down) / n
  beyond <- function(diff) {
    loss <- function(q) {
      p <- c(q + diff, q, 1 - 2 * q - diff); k <- c(up, down, n - up - down)
      -sum(ifelse(k > 0, k * log(pmax(p, 1e-300)), 0))
    }
    q <- optimize(loss, c(max(0, -diff), (1 - diff) / 2), tol = 1e-13)$minimum
    (up - down - n * diff) / sqrt(n * (2 * q + diff - diff^2))
  }
  c(uniroot(function(x) beyond(x) - z, c(-1 + 1e-9, at - 1e-7), tol = 1e-12)$root,
    uniroot(function(x) beyond(x) + z, c(at + 1e-7, 1 - 1e-9), tol = 1e-12)$root)
}
scores <- function(x, y, both = numeric(0)) {
  a <- c(x, both); b <- c(y, both); one <- tango(a); other <- tango(b)
  r <- if (length(both)) sum((both - mean(a)) * (both - mean(b))) / sqrt(sum((a - mean(a))^2) * sum((b - mean(b))^2)) else 0
  d1 <- mean(a) - one[1]; u1 <- one[2] - mean(a); d2 <- mean(b) - other[1]; u2 <- other[2] - mean(b)
  diff <- mean(a) - mean(b)
  c(low = diff - sqrt(d1^2 - 2 * r * d1 * u2 + u2^2), high = diff + sqrt(u1^2 - 2 * r * u1 * d2 + d2^2))
}
few <- 30
set.seed(1); draws <- 4000
drawn <- function(x, y, both = numeric(0)) {  # the same by drawing: too many distinct values to list all ways
  all <- c(x, y)
  stat <- function(a, b) abs(mean(c(a, both)) - mean(c(b, both))) / sqrt(overlap_variance(a, b, both))
  seen <- stat(x, y) * (1 - 1e-9)
  mean(replicate(draws, { at <- sample(length(all), length(x)); stat(all[at], all[-at]) }) >= seen)
}
for (kind in names(values)) for (pair in values[[kind]]) {
  item <- pair[[1]]; y <- pair[[2]]; there <- !is.na(y)
  for (g in groups) {
    a <- y[member(g) & there]; b <- y[!member(g) & there]
    say(kind, item, g, "", base = length(a) + length(b), difference = mean(a) - mean(b), welch(a, b)[c("t", "df", "low", "high")])
    permuted <- kind != "date" && min(length(a), length(b)) < few
    by <- if (kind == "constant_sum") drawn else exact
    say(kind, item, g, "", p = if (permuted) by(a, b) else welch(a, b)[["p"]], permuted = as.numeric(permuted))
    if (kind == "nps") say(kind, item, g, "", score_low = scores(a, b)[["low"]], score_high = scores(a, b)[["high"]])
    if (kind %in% c("date", "ranking")) {
      u <- suppressWarnings(wilcox.test(a, b, correct = TRUE, exact = FALSE))
      say(kind, item, g, "", u = unname(u$statistic), u_p = u$p.value)
    }
  }
  for (i in 1:2) for (j in (i + 1):3) {
    g <- groups[i]; h <- groups[j]
    a <- y[member(g) & !member(h) & there]; b <- y[!member(g) & member(h) & there]; c <- y[member(g) & member(h) & there]
    o <- overlap_t(a, b, c)
    say(kind, item, g, h, base = length(a) + length(b) + length(c), difference = mean(base::c(a, c)) - mean(base::c(b, c)), o)
    permuted <- kind != "date" && min(length(a), length(b)) + length(c) < few
    if (permuted) say(kind, item, g, h, permuted_p = (if (kind == "constant_sum") drawn else exact)(a, b, c))
    if (kind == "nps") say(kind, item, g, h, score_low = scores(a, b, c)[["low"]], score_high = scores(a, b, c)[["high"]])
  }
}
first <- d$matters__price == 1; ranked <- rowSums(!is.na(d[grepl("^matters__", names(d))])) > 0
for (o in c("price", "taste", "speed", "health")) for (g in groups) {
  yes <- !is.na(d[[paste0("matters__", o)]]) & d[[paste0("matters__", o)]] == 1
  m <- table(factor(member(g)[ranked], c(TRUE, FALSE)), factor(yes[ranked], c(TRUE, FALSE)))
  say("first", o, g, "", n = m[1, 1], base = sum(m[1, ]), other_n = m[2, 1], other_base = sum(m[2, ]), p = fisher.test(m)$p.value)
  top <- !is.na(d[[paste0("matters__", o)]]) & d[[paste0("matters__", o)]] <= 2
  m <- table(factor(member(g)[ranked], c(TRUE, FALSE)), factor(top[ranked], c(TRUE, FALSE)))
  say("top2", o, g, "", n = m[1, 1], base = sum(m[1, ]), other_n = m[2, 1], other_base = sum(m[2, ]), p = fisher.test(m)$p.value)
}
close(out)
