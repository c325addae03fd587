# What the interviews' tables hold, once more in base R, from interviews-data.csv (a code on a segment in each
# row) and interviews-codes.csv (the theme of each code). Nothing of the package is used.
# Rscript tests/reference/interviews.R tests/reference > tests/reference/interviews.csv
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, name), encoding = "UTF-8", colClasses = "character", na.strings = NULL)
data <- read("interviews-data.csv")
codes <- read("interviews-codes.csv")
data$start <- as.numeric(data$start); data$end <- as.numeric(data$end)
data$theme <- codes$theme[match(data$code, codes$code)]
say <- function(topic, key, other, statistic, value)
  cat(sprintf("%s,%s,%s,%s,%s\n", topic, key, other, statistic, format(value, digits = 15, scientific = FALSE)))
cat("topic,key,other,statistic,value\n")
people <- unique(data$participant)

# The framework: of each person and theme the segments and the different gists, by a crosstab.
segments <- unique(data[c("participant", "theme", "segment")])
counts <- table(segments$participant, factor(segments$theme, unique(codes$theme)))
# A coder who wrote no gist is shown under the first that the segment has.
first <- sapply(data$segment, function(one) c(data$gist[data$segment == one & data$gist != ""], "")[1])
data$gist <- ifelse(data$gist == "", first, data$gist)
gists <- unique(data[data$gist != "", c("participant", "theme", "gist")])
different <- table(factor(gists$participant, people), factor(gists$theme, unique(codes$theme)))
for (person in people) for (theme in unique(codes$theme)) {
  say("framework", person, theme, "n_segments", counts[person, theme])
  say("framework", person, theme, "gists", different[person, theme])
}

# Codes by an attribute: how many people of each role have the code.
roles <- unique(data[c("participant", "Role")])
coded <- unique(data[c("participant", "Role", "code")])
by_role <- table(coded$code, coded$Role)
for (code in rownames(by_role)) for (role in colnames(by_role)) {
  say("attribute", code, role, "n", by_role[code, role])
  say("attribute", code, role, "base", sum(roles$Role == role))
}

# Passages: segments of one document that share half of the shorter one, chains joined (a matrix power).
marks <- unique(data[c("segment", "document", "start", "end")])
k <- nrow(marks)
joined <- diag(k) > 0
for (i in seq_len(k)) for (j in seq_len(k)) if (marks$document[i] == marks$document[j]) {
  shared <- min(marks$end[i], marks$end[j]) - max(marks$start[i], marks$start[j])
  shorter <- min(marks$end[i] - marks$start[i], marks$end[j] - marks$start[j])
  if (shared > 0 && shared >= shorter / 2) joined[i, j] <- TRUE
}
repeat {
  further <- (joined %*% joined) > 0
  if (identical(further, joined)) break
  joined <- further
}
passage <- apply(joined, 1, function(row) which(row)[1])
data$passage <- passage[match(data$segment, marks$segment)]
has <- unclass(table(factor(data$passage, unique(passage)), factor(data$code, codes$code))) > 0
used <- colnames(has)[colSums(has) > 0]
say("passages", "", "", "base", nrow(has))
for (pair in combn(used, 2, simplify = FALSE)) {
  one <- has[, pair[1]]; two <- has[, pair[2]]
  say("passages", pair[1], pair[2], "n", sum(one & two))
  say("passages", pair[1], pair[2], "jaccard", sum(one & two) / sum(one | two))
  say("passages", pair[1], pair[2], "phi", cor(one, two))
}

# English words: counted, and where some of them stand. Segments with the same words count each.
texts <- unique(data[c("segment", "participant", "group", "text")])
texts <- texts[!grepl("[^ -~]", texts$text), ]
words <- strsplit(tolower(gsub("[^A-Za-z ]", " ", texts$text)), " +")
group <- rep(texts$group, lengths(words)); who <- rep(texts$participant, lengths(words))
words <- unlist(words)
for (word in sort(unique(words[words != ""]))) {
  say("words", word, "", "n", sum(words == word))
  say("words", word, "", "n_participants", length(unique(who[words == word])))
  for (g in unique(texts$group)) say("words", word, g, "n", sum(words == word & group == g))
}
for (keyword in c("customer", "firm", "people", "the")) {
  at <- gregexpr(paste0("\\b", keyword, "\\b"), texts$text, ignore.case = TRUE)
  for (i in seq_along(at)) for (place in at[[i]][at[[i]] > 0]) say("kwic", keyword, texts$segment[i], "place", place - 1)
}
