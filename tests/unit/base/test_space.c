/* test_space.c - the tree of blocks beside a plain table of cells. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/base/prefix.h"
#include "core/base/space.h"
#include "tests/unit/unit.h"
#include <stdlib.h>

#define TOP 48 /* bits of the prefix */
#define SMALLEST 56
#define CELLS 256 /* blocks of the smallest size */
#define STEPS 200000

enum { FREE, IDLE, BUSY };

/* What is true: each cell has the number of its block, or 0. */
struct model {
	int block[CELLS + 1]; /* in a cell; one more is never free */
	int state[CELLS + 1]; /* of a block, by its first cell + 1 */
	uint8_t bits[CELLS + 1];
};

static struct gw6c_addr prefix(const char *text)
{
	struct gw6c_addr out;

	CU_ASSERT_TRUE_FATAL(prefix_parse(text, &out));
	return out;
}

static int cells_of(uint8_t bits)
{
	return CELLS >> (bits - TOP);
}

static struct gw6c_addr block_at(int cell, uint8_t bits)
{
	struct gw6c_addr top = prefix("2001:db8:7::/48"), out;

	prefix_block(&top, bits, (uint64_t)(cell / cells_of(bits)), &out);
	return out;
}

static int cell_of(const struct gw6c_addr *block)
{
	return block->octets[6];
}

/* Is a block free, or free once idle ones are gone? */
static bool is_free(const struct model *model, int cell, uint8_t bits,
		    bool idle)
{
	for (int i = cell; i < cell + cells_of(bits); i++)
		if (model->block[i] &&
		    !(idle && model->state[model->block[i]] == IDLE))
			return false;
	return true;
}

/* The largest gap around a free block. */
static uint8_t gap_of(const struct model *model, int cell, uint8_t bits,
		      bool idle)
{
	while (bits > TOP) {
		uint8_t wider = bits - 1;
		int first = cell - cell % cells_of(wider);

		if (!is_free(model, first, wider, idle))
			break;
		bits = wider;
	}
	return bits;
}

/* The smallest gap for a block of that length; 0: none. */
static uint8_t best_gap(const struct model *model, uint8_t bits, bool idle)
{
	uint8_t best = 0;

	for (int cell = 0; cell < CELLS; cell += cells_of(bits))
		if (is_free(model, cell, bits, idle)) {
			uint8_t gap = gap_of(model, cell, bits, idle);

			best = gap > best ? gap : best;
		}
	return best;
}

static void check_find(const struct space *space, const struct model *model,
		       uint8_t bits, bool idle)
{
	uint8_t best = best_gap(model, bits, idle);
	struct gw6c_addr got;
	bool found = idle ? space_find_idle(space, bits, &got)
			  : space_find(space, bits, &got);

	CU_ASSERT_EQUAL_FATAL(found, best != 0);
	if (!found)
		return;
	CU_ASSERT_EQUAL_FATAL(got.bits, bits);
	CU_ASSERT_TRUE_FATAL(is_free(model, cell_of(&got), bits, idle));
	CU_ASSERT_EQUAL_FATAL(gap_of(model, cell_of(&got), bits, idle), best);
}

static void take(struct space *space, struct model *model, int cell,
		 uint8_t bits)
{
	struct gw6c_addr block = block_at(cell, bits);
	bool free = is_free(model, cell, bits, false);

	CU_ASSERT_EQUAL_FATAL(space_over(space, &block) == NULL, free);
	CU_ASSERT_EQUAL_FATAL(space_is_busy(space, &block),
			      !is_free(model, cell, bits, true));
	CU_ASSERT_EQUAL_FATAL(space_take(space, &block,
					 &model->state[cell + 1]),
			      free);
	if (!free)
		return;
	for (int i = cell; i < cell + cells_of(bits); i++)
		model->block[i] = cell + 1;
	model->state[cell + 1] = IDLE;
	model->bits[cell + 1] = bits;
}

/* What is in a cell becomes busy, idle, or free. */
static void change(struct space *space, struct model *model, int cell, int to)
{
	int number = model->block[cell];
	struct gw6c_addr block;

	if (!number)
		return;
	block = block_at(number - 1, model->bits[number]);
	CU_ASSERT_PTR_EQUAL_FATAL(space_owner(space, &block),
				  &model->state[number]);
	CU_ASSERT_PTR_EQUAL_FATAL(space_over(space, &block),
				  &model->state[number]);
	model->state[number] = to;
	if (to != FREE) {
		space_set_busy(space, &block, to == BUSY);
		return;
	}
	space_drop(space, &block);
	CU_ASSERT_PTR_NULL_FATAL(space_owner(space, &block));
	for (int i = 0; i < CELLS; i++)
		if (model->block[i] == number)
			model->block[i] = 0;
}

static void the_tree_says_what_the_table_says(void)
{
	struct gw6c_addr top = prefix("2001:db8:7::/48");
	struct space *space = space_new(&top);
	struct model model = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(space);
	srandom(16);
	for (int step = 0; step < STEPS; step++) {
		uint8_t bits =
			(uint8_t)(SMALLEST - random() % (SMALLEST - TOP + 1));
		int cell = (int)(random() % CELLS);

		cell -= cell % cells_of(bits);
		check_find(space, &model, bits, false);
		check_find(space, &model, bits, true);
		if (random() % 2)
			take(space, &model, cell, bits);
		else
			change(space, &model, cell, (int)(random() % 3));
	}
	space_free(space);
}

/* 192.0.2.0/24, host by host. */
static void the_next_free_address_is_found(void)
{
	struct gw6c_addr top = prefix("192.0.2.0/24"), host, got;
	struct space *space = space_new(&top);
	bool taken[256] = { false };

	CU_ASSERT_PTR_NOT_NULL_FATAL(space);
	srandom(17);
	for (int step = 0; step < 20000; step++) {
		unsigned from = (unsigned)(random() % 256), first = from;

		while (first < 256 && taken[first])
			first++;
		prefix_block(&top, 32, from, &host);
		CU_ASSERT_EQUAL_FATAL(space_find_after(space, &host, &got),
				      first < 256);
		if (first < 256) {
			CU_ASSERT_EQUAL_FATAL(got.bits, 32);
			CU_ASSERT_EQUAL_FATAL(got.octets[3], first);
		}
		if (taken[from])
			space_drop(space, &host);
		else
			CU_ASSERT_TRUE(space_take(space, &host, &top));
		taken[from] = !taken[from];
	}
	space_free(space);
}

static void what_is_not_inside_is_not_taken(void)
{
	static const char *const none_of[] = { "2001:db8:8::/64",
					       "2001:db8::/32", "10.0.0.0/8" };
	struct gw6c_addr top = prefix("2001:db8:7::/48"), got;
	struct space *space = space_new(&top);

	for (int i = 0; i < 3; i++) {
		struct gw6c_addr block = prefix(none_of[i]);

		CU_ASSERT_FALSE(space_take(space, &block, &top));
		space_drop(space, &block);
	}
	CU_ASSERT_FALSE(space_find(space, 47, &got));
	CU_ASSERT_TRUE(space_find(space, 48, &got));
	CU_ASSERT_TRUE(space_take(space, &top, &top));
	CU_ASSERT_FALSE(space_find(space, 128, &got));
	space_free(space);
}

int main(void)
{
	static const struct unit_test tests[] = {
		UNIT_TEST(the_tree_says_what_the_table_says),
		UNIT_TEST(the_next_free_address_is_found),
		UNIT_TEST(what_is_not_inside_is_not_taken),
	};

	return UNIT_RUN("base: space", tests);
}
