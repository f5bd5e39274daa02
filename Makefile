# prisma-stage: `make help` reads the comments behind ## below.

PG ?=
ARGS ?=
ORACLE ?=
ONLY ?=
ROWS ?=
WAYS ?=
PROVIDER ?=
SERVER ?=
PAIRS ?=
TARGET ?= check
MINUTES ?= 10
export PG ONLY ROWS WAYS PROVIDER PAIRS
export PRISMA_ORACLE ?= $(ORACLE)

# nextest where there is one: it says how long each test took.
NEXTEST := $(shell command -v cargo-nextest 2>/dev/null)
# MySQL is tried on a MariaDB of our own, on what MYSQL_URL names, or, with SERVER=mysql, on a MySQL of our own.
BESIDE := $(if $(filter mysql,$(SERVER)),scripts/mysql.sh)
TESTS := $(if $(NEXTEST),cargo nextest run --no-fail-fast,cargo test --no-fail-fast)

.PHONY: help
help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

.PHONY: run
run: ## run prisma-stage: make run ARGS="diff old.prisma new.prisma"
	cargo run --quiet --release -- $(ARGS)

.PHONY: test
test: server ## every test; finds or installs the PostgreSQL it needs [PG=16] [SERVER=mysql] [ARGS=name-of-a-test]
	$(BESIDE) cargo run --quiet --example with_server -- $(TESTS) $(ARGS)
	$(if $(NEXTEST),cargo test --doc --quiet)

.PHONY: check
check: ## formatting, lints and documentation, as CI has it
	cargo fmt --check
	cargo clippy --quiet --all-targets -- -D warnings
	cargo check --quiet --lib --no-default-features
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps

.PHONY: docs
docs: ## the documentation of the library, in target/doc
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

.PHONY: bless
bless: server ## accept what the tests print now as what is expected; look at git diff afterwards
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo run --quiet --example with_server -- $(TESTS) $(ARGS)

.PHONY: server
server: ## make sure that there is a PostgreSQL to test on, of version PG if given
	@scripts/server.sh $(PG)

.PHONY: conformance
conformance: server ## our DDL and our verdicts against Prisma's own; needs node [ORACLE=folder] [ARGS="ddl"] [ARGS="mutations --seed 7 --count 6000"]
	@if oracle=$$(scripts/oracle.sh); then cargo run --quiet --example conformance -- --oracle "$$oracle" $(ARGS); \
	else echo "conformance: skipped"; fi

.PHONY: prove
prove: server ## hold the plans of 705 real pairs to the truth on a server [ONLY=part-of-an-id] [ROWS=5] [WAYS=all] [PAIRS=turned|leaps|spoken] [PG=16] [PROVIDER=sqlite] [PROVIDER=mysql] [TARGET=planetscale] [SERVER=mysql] [MYSQL_URL=…]
	$(BESIDE) cargo run --quiet --example prove

.PHONY: locks
locks: server ## hold docs/locks.md to the locks that a server is seen to hold; BLESS=1 writes the column of its version [PG=17] [PROVIDER=mysql] [SERVER=mysql] [MYSQL_URL=…]
	$(BESIDE) cargo run --quiet --example $(if $(filter mysql,$(PROVIDER)),locks_mysql,locks)

.PHONY: load
load: server ## apply plans that keep two shapes in step while clients of both write [MINUTES=2] [ONLY=split] [SEED=1] [CREWS=3] [ROWS=300]
	cargo run --quiet --example load

.PHONY: squawk
squawk: ## have squawk read the expand and validate files of all plans; finds it or installs it in target/squawk
	scripts/squawk.sh

.PHONY: bench
bench: ## how long each stage takes at 200, 2,000 and 10,000 models, and beside Prisma's own engine if node is here
	cargo bench --quiet --bench stages -- $(ARGS)
	cargo bench --quiet --bench beside_prisma
	cargo bench --quiet --bench memory

.PHONY: fuzz
fuzz: ## look for texts that the front end falls over; needs nightly and cargo-fuzz [TARGET=parse|check|fix] [MINUTES=10]
	mkdir -p fuzz/corpus/$(TARGET)
	cargo +nightly fuzz run $(TARGET) fuzz/corpus/$(TARGET) corpus/error corpus/conformance corpus/fuzz -- \
	  -dict=fuzz/words.dict -max_len=8192 -timeout=20 -rss_limit_mb=2048 -max_total_time=$$(($(MINUTES) * 60))
