# Two waves with some firms in both, from R alone. Run from this folder: Rscript waves.R
# Writes waves-data.csv (made here, with a seed) and waves.csv (topic, key, statistic, value). See waves.md.
suppressMessages(library(survey))
options(survey.lonely.psu = "fail")
set.seed(20261129)
firms <- 90
trait <- rnorm(firms)
yes <- function(at, shift) as.integer(trait[at] + rnorm(length(at)) > shift)
rate <- function(at, shift) pmin(5, pmax(1, round(3 + trait[at] + rnorm(length(at)) + shift)))
wave <- function(name, at, shift) data.frame(wave = name, firm = paste("firm", at), weight = round(runif(length(at), .4, 2.5), 2),
  agents = yes(at, shift), online = yes(at, -shift), law = rate(at, -shift / 2))
d <- rbind(wave("earlier", 1:60, .4), wave("later", 31:90, 0))
d$agents[c(5, 70)] <- NA; d$law[c(8, 40, 100)] <- NA
write.csv(d, "waves-data.csv", row.names = FALSE, na = "")
written <- list()
note <- function(.topic, .key, ...) { v <- c(...)
  written[[length(written) + 1]] <<- data.frame(topic = .topic, key = .key, statistic = names(v), value = sprintf("%.15g", v)) }

# -- firms as clusters: svyglm on the stacked data ------------------------------------------------------------
stacked <- function(column, weights) {
  own <- d[!is.na(d[[column]]), ]; own$y <- own[[column]]; own$late <- as.integer(own$wave == "later")
  own$w <- if (weights) own$weight / ave(own$weight, own$wave) else 1
  design <- svydesign(ids = ~firm, weights = ~w, data = own)
  fit <- svyglm(y ~ late, design)
  means <- svyby(~y, ~wave, design, svymean, covmat = TRUE)
  v <- vcov(means)
  note(if (weights) "clusters_weighted" else "clusters", column, difference = unname(coef(fit)[["late"]]),
    se = unname(SE(fit)[["late"]]), svyby_se = sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2]), covariance = v[1, 2],
    later = means$y[means$wave == "later"], earlier = means$y[means$wave == "earlier"],
    firms = length(unique(own$firm)))
}
for (column in c("agents", "online", "law")) for (weights in c(FALSE, TRUE)) stacked(column, weights)

# -- the panel ------------------------------------------------------------------------------------------------
both <- merge(d[d$wave == "earlier", ], d[d$wave == "later", ], by = "firm", suffixes = c(".then", ".now"))
panel <- function(column, values) {
  then <- factor(both[[paste0(column, ".then")]], values); now <- factor(both[[paste0(column, ".now")]], values)
  moved <- table(then, now)
  for (a in values) for (b in values) note("transition", paste(column, a, b, sep = "|"), n = moved[as.character(a), as.character(b)])
  if (length(values) == 2) { gained <- moved["0", "1"]; lost <- moved["1", "0"]
    note("panel", column, both = sum(moved), gained = gained, lost = lost, p_value = binom.test(gained, gained + lost)$p.value) }
}
panel("agents", 0:1); panel("online", 0:1); panel("law", 1:5)

# -- nobody in both: Fisher and Welch; everybody: McNemar and the paired t test -----------------------------------
then <- d[d$wave == "earlier" & d$firm %in% paste("firm", 1:30), ]; now <- d[d$wave == "later" & d$firm %in% paste("firm", 61:90), ]
note("apart", "agents", p_value = fisher.test(table(c(then$wave, now$wave), c(then$agents, now$agents)))$p.value)
t <- t.test(now$law, then$law)
note("apart", "law", difference = unname(t$estimate[1] - t$estimate[2]), p_value = t$p.value, low = t$conf.int[1], high = t$conf.int[2])
t <- t.test(both$law.now, both$law.then, paired = TRUE)
note("together", "law", difference = unname(t$estimate), p_value = t$p.value, low = t$conf.int[1], high = t$conf.int[2])
write.csv(do.call(rbind, written), "waves.csv", row.names = FALSE, quote = FALSE)
