# Numbers of R's survey package for weighted shares. Run from this folder:
#   Rscript weights.R
# writes weights-data.csv (apistrat and apisrs, as the package has them) and weights.csv.
suppressMessages(library(survey))
data(api)
out <- list()
put <- function(case, name, value) out[[length(out) + 1]] <<- data.frame(case, name, value = sprintf("%.15g", value))
columns <- c("stype", "awards", "sch.wide", "comp.imp", "both", "api00", "pw")
frame <- rbind(data.frame(sample = "apistrat", apistrat[columns]), data.frame(sample = "apisrs", apisrs[columns]))
# Raked weights, taken as given: of a stratified sample they would be other.
srs <- svydesign(ids = ~1, weights = ~pw, fpc = ~fpc, data = apisrs)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- rake(srs, list(~stype, ~sch.wide), list(types, wide), control = list(maxit = 100, epsilon = 1e-10))
# Weights that differ much: of a lottery, to four digits.
set.seed(20)
lottery <- round(exp(rnorm(200, 0, 0.9)), 4)
frame$w <- c(apistrat$pw, weights(raked))
frame$lottery <- c(lottery, rev(lottery))
write.csv(frame, "weights-data.csv", row.names = FALSE, quote = FALSE)

for (case in c("apistrat", "apisrs", "lottery")) {
  data <- frame[frame$sample == if (case == "apisrs") "apisrs" else "apistrat", ]
  data$own <- if (case == "lottery") data$lottery else data$w
  data$yes <- as.numeric(data$awards == "Yes")
  data$wide <- as.numeric(data$sch.wide == "Yes")
  data$grown <- as.numeric(data$comp.imp == "Yes")
  data$two <- as.numeric(data$both == "Yes")
  design <- svydesign(ids = ~1, weights = ~own, data = data)
  w <- weights(design)
  put(case, "kish", sum(w)^2 / sum(w^2))
  for (name in c("yes", "wide", "grown", "two")) {
    formula <- as.formula(paste0("~", name))
    m <- svymean(formula, design)
    put(case, paste("share", name), coef(m))
    put(case, paste("se", name), SE(m))
    for (method in c("logit", "likelihood", "asin", "beta", "mean", "xlogit")) for (level in c(0.9, 0.95)) {
      # The profile of the likelihood does not converge on some of the lottery.
      ci <- tryCatch(attr(svyciprop(formula, design, method = method, level = level), "ci"), error = function(e) NULL)
      if (is.null(ci)) next
      put(case, paste(method, level, name, "low"), ci[1])
      put(case, paste(method, level, name, "high"), ci[2])
    }
  }
  # A group against the rest, each school in one of the two.
  for (group in c("E", "H", "M")) for (name in c("yes", "wide", "grown", "two")) {
    design <- update(design, inside = factor(stype == group))
    by <- svyby(as.formula(paste0("~", name)), ~inside, design, svymean, covmat = TRUE)
    d <- svycontrast(by, c(-1, 1))
    put(case, paste("difference", group, name), coef(d))
    put(case, paste("difference se", group, name), SE(d))
    chi <- svychisq(as.formula(paste0("~", name, "+inside")), design, statistic = "F")
    put(case, paste("chisq F", group, name), chi$statistic)
    put(case, paste("chisq p", group, name), chi$p.value)
    put(case, paste("chisq df", group, name), chi$parameter[2])
  }
  # Two items of the same schools.
  items <- c("yes", "wide", "grown", "two")
  for (i in 1:3) for (j in (i + 1):4) {
    m <- svymean(as.formula(paste0("~", items[i], "+", items[j])), design)
    d <- svycontrast(m, c(1, -1))
    put(case, paste("paired", items[i], items[j]), coef(d))
    put(case, paste("paired se", items[i], items[j]), SE(d))
    put(case, paste("paired p", items[i], items[j]), 2 * pt(-abs(coef(d) / SE(d)), degf(design)))
  }
  # Columns that overlap: the share of `yes` among the school-wide and among the grown.
  total <- svytotal(~I(yes * wide) + wide + I(yes * grown) + grown, design)
  names(total) <- attr(total, "names") <- c("k", "l", "m", "n")
  d <- svycontrast(total, quote(k / l - m / n))
  put(case, "overlap wide grown", coef(d))
  put(case, "overlap se wide grown", SE(d))
  # phi of two ticks, by its influence on the four cells.
  cells <- svymean(~I(yes * wide) + I(yes * (1 - wide)) + I((1 - yes) * wide) + I((1 - yes) * (1 - wide)), design)
  names(cells) <- attr(cells, "names") <- c("k", "l", "m", "n")
  phi <- svycontrast(cells, quote((k * n - l * m) / sqrt((k + l) * (m + n) * (k + m) * (l + n))))
  put(case, "phi yes wide", coef(phi))
  put(case, "phi se yes wide", SE(phi))
}
write.csv(do.call(rbind, out), "weights.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
