/* space.c - which blocks of a prefix are taken. A leaf of the tree is a block; a
 * fork is the longest prefix that its two children have in common, and knows
 * the sizes of the gaps below it. */
/* SPDX-License-Identifier: BSD-2-Clause */
#include "space.h"
#include "prefix.h"
#include <stdlib.h>

/* A set of prefix lengths, 1 to 128. */
struct sizes {
	uint64_t bit[2];
};

struct node {
	struct gw6c_addr block;
	struct node *child[2]; /* a leaf: NULL */
	void *owner; /* of a leaf */
	unsigned busy; /* leaves */
	struct sizes free; /* gaps, each as large as it can be */
	struct sizes idle; /* the same, idle leaves counted as free */
};

struct space {
	struct gw6c_addr prefix;
	struct node *root;
};

/* --- sizes --------------------------------------------------------------- */

static void add(struct sizes *sizes, unsigned bits)
{
	sizes->bit[(bits - 1) / 64] |= 1ull << (bits - 1) % 64;
}

static void add_all(struct sizes *sizes, const struct sizes *more)
{
	sizes->bit[0] |= more->bit[0];
	sizes->bit[1] |= more->bit[1];
}

static bool has(const struct sizes *sizes, unsigned bits)
{
	return sizes->bit[(bits - 1) / 64] >> (bits - 1) % 64 & 1;
}

/* The smallest gap for a block of that length; 0: none is large enough. */
static unsigned best(const struct sizes *sizes, unsigned bits)
{
	while (bits && !has(sizes, bits))
		bits--;
	return bits;
}

/* --- nodes --------------------------------------------------------------- */

static bool bit_of(const struct gw6c_addr *block, unsigned n)
{
	return block->octets[n / 8] >> (7 - n % 8) & 1;
}

static unsigned common_bits(const struct gw6c_addr *a,
			    const struct gw6c_addr *b)
{
	unsigned n = 0, most = a->bits < b->bits ? a->bits : b->bits;

	while (n < most && bit_of(a, n) == bit_of(b, n))
		n++;
	return n;
}

static struct gw6c_addr around(const struct gw6c_addr *block, unsigned bits)
{
	return prefix_around(block, (uint8_t)bits, (uint8_t)bits);
}

static bool is_leaf(const struct node *node)
{
	return !node->child[0];
}

/* A region is a prefix of so many bits around a node: half of what its parent
 * covers. The way from its top to the node leaves a gap at each step. */
static struct sizes gaps(const struct node *node, unsigned bits, bool idle)
{
	struct sizes sizes = { { 0 } };

	if (!node || (idle && !node->busy)) {
		add(&sizes, bits);
		return sizes;
	}
	for (unsigned n = bits + 1; n <= node->block.bits; n++)
		add(&sizes, n);
	add_all(&sizes, idle ? &node->idle : &node->free);
	return sizes;
}

static void refresh(struct node *fork)
{
	fork->busy = fork->child[0]->busy + fork->child[1]->busy;
	fork->free = fork->idle = (struct sizes){ { 0 } };
	for (int i = 0; i < 2; i++) {
		unsigned bits = fork->block.bits + 1u;
		struct sizes free = gaps(fork->child[i], bits, false);
		struct sizes idle = gaps(fork->child[i], bits, true);

		add_all(&fork->free, &free);
		add_all(&fork->idle, &idle);
	}
}

/* The highest node in the block, or the leaf around it; NULL: nothing overlaps
 * it. */
static struct node *overlap(const struct space *space,
			    const struct gw6c_addr *block)
{
	struct node *node = space->root;

	while (node && !is_leaf(node) && node->block.bits < block->bits &&
	       gw6c_addr_in(block, &node->block))
		node = node->child[bit_of(block, node->block.bits)];
	return node && prefix_overlap(&node->block, block) ? node : NULL;
}

static struct node *exactly(const struct space *space,
			    const struct gw6c_addr *block)
{
	struct node *node = overlap(space, block);

	return node && is_leaf(node) && node->block.bits == block->bits ? node
									: NULL;
}

/* --- what is taken --------------------------------------------------------- */

struct space *space_new(const struct gw6c_addr *prefix)
{
	struct space *space = calloc(1, sizeof(*space));

	if (space)
		space->prefix = *prefix;
	return space;
}

static void free_nodes(struct node *node)
{
	if (!node)
		return;
	free_nodes(node->child[0]);
	free_nodes(node->child[1]);
	free(node);
}

void space_free(struct space *space)
{
	if (!space)
		return;
	free_nodes(space->root);
	free(space);
}

/* The tree with a leaf that overlaps nothing in it, by way of a new fork. */
static struct node *with(struct node *node, struct node *leaf,
			 struct node *fork)
{
	unsigned common = common_bits(&node->block, &leaf->block);
	bool side = bit_of(&leaf->block, common);

	if (common == node->block.bits) {
		node->child[side] = with(node->child[side], leaf, fork);
		refresh(node);
		return node;
	}
	fork->block = around(&leaf->block, common);
	fork->child[side] = leaf;
	fork->child[!side] = node;
	refresh(fork);
	return fork;
}

bool space_take(struct space *space, const struct gw6c_addr *block, void *owner)
{
	struct node *leaf, *fork;

	if (!gw6c_addr_in(block, &space->prefix) ||
	    block->bits < space->prefix.bits || overlap(space, block))
		return false;
	leaf = calloc(1, sizeof(*leaf));
	fork = space->root ? calloc(1, sizeof(*fork)) : NULL;
	if (!leaf || (space->root && !fork)) {
		free(leaf);
		free(fork);
		return false;
	}
	leaf->block = *block;
	leaf->owner = owner;
	space->root = fork ? with(space->root, leaf, fork) : leaf;
	return true;
}

/* The tree without that leaf, which is in it, and without its fork. */
static struct node *without(struct node *node, const struct gw6c_addr *block)
{
	struct node *rest;
	bool side;

	if (is_leaf(node)) {
		free(node);
		return NULL;
	}
	side = bit_of(block, node->block.bits);
	rest = node->child[!side];
	node->child[side] = without(node->child[side], block);
	if (!node->child[side]) {
		free(node);
		return rest;
	}
	refresh(node);
	return node;
}

void space_drop(struct space *space, const struct gw6c_addr *block)
{
	if (exactly(space, block))
		space->root = without(space->root, block);
}

static void set_busy(struct node *node, const struct gw6c_addr *block,
		     bool busy)
{
	if (is_leaf(node)) {
		node->busy = busy;
		return;
	}
	set_busy(node->child[bit_of(block, node->block.bits)], block, busy);
	refresh(node);
}

void space_set_busy(struct space *space, const struct gw6c_addr *block,
		    bool busy)
{
	if (exactly(space, block))
		set_busy(space->root, block, busy);
}

void *space_owner(const struct space *space, const struct gw6c_addr *block)
{
	const struct node *node = exactly(space, block);

	return node ? node->owner : NULL;
}

void *space_over(const struct space *space, const struct gw6c_addr *block)
{
	const struct node *node = overlap(space, block);

	while (node && !is_leaf(node))
		node = node->child[0];
	return node ? node->owner : NULL;
}

bool space_is_busy(const struct space *space, const struct gw6c_addr *block)
{
	const struct node *node = overlap(space, block);

	return node && node->busy;
}

/* --- what is free ---------------------------------------------------------- */

/* The gap of that length, which the region around the node has. */
static struct gw6c_addr gap(const struct node *node, unsigned region,
			    unsigned bits, bool idle)
{
	struct gw6c_addr out;
	struct sizes sizes;

	while (bits <= region || bits > node->block.bits) {
		if (bits == region)
			return around(&node->block, bits);
		region = node->block.bits + 1u;
		sizes = gaps(node->child[0], region, idle);
		node = node->child[!has(&sizes, bits)];
	}
	out = around(&node->block, bits);
	out.octets[(bits - 1) / 8] ^= (uint8_t)(0x80 >> (bits - 1) % 8);
	return out;
}

static bool find(const struct space *space, uint8_t bits, bool idle,
		 struct gw6c_addr *out)
{
	struct sizes sizes = gaps(space->root, space->prefix.bits, idle);
	unsigned size = best(&sizes, bits);

	if (!size)
		return false;
	*out = space->root ? gap(space->root, space->prefix.bits, size, idle)
			   : space->prefix;
	out->bits = bits;
	return true;
}

bool space_find(const struct space *space, uint8_t bits, struct gw6c_addr *out)
{
	return find(space, bits, false, out);
}

bool space_find_idle(const struct space *space, uint8_t bits,
		     struct gw6c_addr *out)
{
	return find(space, bits, true, out);
}

static bool find_after(const struct node *node, const struct gw6c_addr *region,
		       const struct gw6c_addr *from, struct gw6c_addr *out)
{
	struct gw6c_addr top = around(from, region->bits), half;

	if (memcmp(top.octets, region->octets, sizeof(top.octets)) > 0)
		return false;
	if (!node) {
		*out = gw6c_addr_in(from, region) ? *from : *region;
		out->bits = from->bits;
		return true;
	}
	if (node->block.bits == region->bits && !best(&node->free, 128))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		const struct node *there = node->child[i];

		if (node->block.bits > region->bits)
			there = bit_of(&node->block, region->bits) == i ? node
									: NULL;
		prefix_block(region, region->bits + 1, i, &half);
		if (find_after(there, &half, from, out))
			return true;
	}
	return false;
}

bool space_find_after(const struct space *space, const struct gw6c_addr *from,
		      struct gw6c_addr *out)
{
	return find_after(space->root, &space->prefix, from, out);
}
