# Reference numbers for models, from R. Run from this folder: Rscript models.R
# Reads models-data.csv, models-sex2.csv and models-endometrial.csv; writes models.csv (topic, key, statistic,
# value). See models.md.
suppressMessages({library(brglm2); library(ordinal); library(numDeriv)})

written <- list()
note <- function(topic, key, ...) {
  values <- c(...)
  names(values) <- sub("[.].*", "", names(values))  # R glues the names of terms to them
  written[[length(written) + 1]] <<- data.frame(
    topic = topic, key = key, statistic = names(values), value = as.numeric(values)
  )
}

# -- Firth: estimate and se by brglm2, p and limits by the penalised likelihood written out ------------------
firth <- function(topic, y, x, prefix = "") {
  frame <- data.frame(y = y, x, check.names = FALSE)
  fit <- glm(y ~ ., binomial, frame, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 500)
  X <- model.matrix(fit)
  penalised <- function(b) {
    e <- drop(X %*% b); p <- plogis(e)
    sum(y * e - log1p(exp(e))) + determinant(crossprod(X, X * p * (1 - p)))$modulus / 2
  }
  top <- penalised(coef(fit))
  held <- function(j, at) {
    start <- coef(fit)[-j]
    aim <- function(o) -penalised(append(o, at, j - 1))
    for (again in 1:3) {  # restarted, so that BFGS does not stop early
      found <- optim(start, aim, method = "BFGS", control = list(reltol = 1e-15, maxit = 5000))
      start <- found$par
    }
    -found$value
  }
  se <- sqrt(diag(vcov(fit)))
  for (j in 2:ncol(X)) {
    b <- coef(fit)[j]
    beyond <- function(at) 2 * (top - held(j, at)) - qchisq(.95, 1)
    low <- uniroot(beyond, c(b - 12 * se[j], b - 0.05 * se[j]), tol = 1e-9)$root
    high <- uniroot(beyond, c(b + 0.05 * se[j], b + 12 * se[j]), tol = 1e-9)$root
    p <- pchisq(2 * (top - held(j, 0)), 1, lower.tail = FALSE)
    # The mean discrete change; options of one single question exclude each other.
    family <- grep("firm_type", colnames(X))
    on <- X; off <- X
    if (j %in% family) { on[, family] <- 0; off[, family] <- 0 }
    on[, j] <- 1; off[, j] <- 0
    marginal <- mean(plogis(drop(on %*% coef(fit)))) - mean(plogis(drop(off %*% coef(fit))))
    note(topic, paste0(prefix, gsub("`", "", colnames(X)[j])), coefficient = b, se = se[j], p = p, low = low, high = high,
         marginal = marginal, base = nrow(X), n_yes = sum(y))
  }
}
sex2 <- read.csv("models-sex2.csv")
firth("firth_sex2", sex2$case, sex2[c("age", "oc", "vic", "vicl", "vis", "dia")])
endometrial <- read.csv("models-endometrial.csv")
firth("firth_endometrial", endometrial$HG, endometrial[c("NV", "PI", "EH")])
firth("firth_separated", rep(1:0, c(36, 30)), data.frame(term = rep(c(1, 0), c(6, 60))))

given <- read.csv("models-data.csv", check.names = FALSE)
models <- given[grep("^expansion_models__", names(given))]
names(models) <- sub("^expansion_models__", "", names(models))
needs <- given[grep("^support_needs__", names(given))]
names(needs) <- sub("^support_needs__", "", names(needs))
ratings <- given[grep("^challenges__", names(given))]
names(ratings) <- sub("^challenges__", "", names(ratings))
kinds <- data.frame("firm_type=biopharma" = 1 * (given$firm_type == "biopharma"),
                    "firm_type=big_pharma" = 1 * (given$firm_type == "big_pharma"), check.names = FALSE)
for (need in names(needs)) {
  for (adjusted in c(FALSE, TRUE)) {
    x <- if (adjusted) cbind(models, kinds) else models
    here <- complete.cases(x) & !is.na(needs[[need]])
    firth(if (adjusted) "firth_adjusted" else "firth", needs[[need]][here], x[here, ], paste0(need, "|"))
  }
}

# -- proportional odds by clm; the score statistic of the assumption by numeric derivatives ------------------
for (item in names(ratings)) {
  here <- complete.cases(models) & !is.na(ratings[[item]])
  x <- as.matrix(models[here, ])
  y <- ratings[[item]][here]
  fit <- clm(factor(y) ~ x, control = clm.control(gradTol = 1e-10))
  table <- coef(summary(fit))
  cuts <- length(fit$alpha)
  for (term in colnames(x)) {
    row <- table[paste0("x", term), ]
    on <- x; off <- x; on[, term] <- 1; off[, term] <- 0
    top <- fit$alpha[as.character(names(fit$alpha)) == "3|4"]
    share <- function(z) mean(1 - plogis(top - drop(z %*% fit$beta)))
    effect <- function(par) {
      t <- par[1:cuts]; b <- par[-(1:cuts)]
      s <- function(z) mean(1 - plogis(t[names(fit$alpha) == "3|4"] - drop(z %*% b)))
      s(on) - s(off)
    }
    slope <- grad(effect, c(fit$alpha, fit$beta))
    note("ordinal", paste(item, term, sep = "|"), coefficient = row["Estimate"], se = row["Std. Error"],
         p = row["Pr(>|z|)"], marginal = share(on) - share(off),
         marginal_se = sqrt(drop(slope %*% vcov(fit) %*% slope)), base = length(y), n_yes = sum(y >= 4))
  }
  shares <- function(par) {  # a threshold and an effect of every term at each cut
    below <- sapply(seq_len(cuts), function(k) {
      plogis(par[k] - drop(x %*% par[cuts + (k - 1) * ncol(x) + seq_len(ncol(x))]))
    })
    t(apply(cbind(0, below, 1), 1, diff))
  }
  null <- c(fit$alpha, rep(fit$beta, cuts))
  codes <- as.integer(factor(y))
  loglik <- function(par) sum(log(shares(par)[cbind(seq_along(codes), codes)]))
  u <- grad(loglik, null)
  jac <- jacobian(function(par) as.vector(shares(par)), null)
  information <- crossprod(jac / as.vector(shares(null)), jac)
  statistic <- drop(u %*% solve(information, u))
  df <- ncol(x) * (cuts - 1)
  note("ordinal_assumption", item, statistic = statistic, df = df, p = pchisq(statistic, df, lower.tail = FALSE),
       smallest_cut = min(cumsum(table(codes))[seq_len(cuts)], length(codes) - cumsum(table(codes))[seq_len(cuts)]))
}

# -- all needs at once: logistic regression, the sandwich over respondents by hand, and by geepack ------------
gee <- function(topic, x) {
  here <- complete.cases(x) & rowSums(!is.na(needs)) > 0
  stacked <- do.call(rbind, lapply(names(needs), function(need) {
    data.frame(need = need, firm = seq_len(nrow(needs))[here], y = needs[[need]][here], x[here, , drop = FALSE],
               check.names = FALSE)
  }))
  stacked <- stacked[!is.na(stacked$y), ]
  stacked <- stacked[order(stacked$firm), ]
  X <- cbind(model.matrix(~ 0 + need, stacked), as.matrix(stacked[names(x)]))
  fit <- glm.fit(X, stacked$y, family = binomial(), control = list(epsilon = 1e-14, maxit = 100))
  mu <- fit$fitted.values
  bread <- solve(crossprod(X, X * mu * (1 - mu)))
  meat <- crossprod(rowsum(X * (stacked$y - mu), stacked$firm))
  se <- sqrt(diag(bread %*% meat %*% bread))
  package <- suppressMessages(geepack::geeglm(y ~ 0 + X, binomial, data = list2env(list(y = stacked$y, X = X)),
                                              id = stacked$firm, corstr = "independence"))
  for (term in names(x)) {
    at <- which(colnames(X) == term)
    note(topic, term, coefficient = fit$coefficients[at], se = se[at],
         geepack_se = summary(package)$coefficients[at, "Std.err"])
  }
  list(X = X, mu = mu, y = stacked$y, need = stacked$need, terms = as.matrix(stacked[names(x)]))
}
whole <- gee("gee", models)
gee("gee_adjusted", cbind(models, kinds))
statistic <- sum(sapply(names(needs), function(need) {
  rows <- whole$need == need
  x <- whole$terms[rows, ]; w <- (whole$mu * (1 - whole$mu))[rows]; r <- (whole$y - whole$mu)[rows]
  centred <- sweep(x, 2, colSums(x * w) / sum(w))
  u <- colSums(centred * r)
  drop(u %*% solve(crossprod(centred, centred * w), u))
}))
note("gee_differing", "support_needs", statistic = statistic)

write.csv(transform(do.call(rbind, written), value = sprintf("%.15g", value)), "models.csv", row.names = FALSE, quote = FALSE)
