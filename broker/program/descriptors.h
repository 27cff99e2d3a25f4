/* descriptors.h - how many files and connections may be open. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_BROKER_PROGRAM_DESCRIPTORS_H
#define GW6C_BROKER_PROGRAM_DESCRIPTORS_H

/* Raise the limit of this process to that many, or as near as the system lets
 * us; logged if it is not enough. Programs that we run inherit it. */
void descriptors_raise(unsigned long wanted);

#endif
