# gw6c.m4 - for configure scripts of plugins of gw6c.
# SPDX-License-Identifier: BSD-2-Clause
#
# GW6C_PLUGIN_INIT([ACTION-IF-THERE], [ACTION-IF-NOT])
#
# Looks for the headers of gw6c, checks that they are of plugin ABI 1, and
# sets, for Makefile.am:
#
#   GW6C_CFLAGS          to compile
#   GW6C_PLUGIN_LDFLAGS  to link a module with libtool
#   gw6cplugindir        where modules go: gw6cplugin_LTLIBRARIES = os_mine.la
#                        (--with-gw6c-plugindir=DIR sets another)
#   GW6C_PLUGIN_CHECK    gw6c-plugin-check, or ":" if there is none
#
# Call it after LT_INIT. Without ACTION-IF-NOT, configure ends with an error.

AC_DEFUN([GW6C_PLUGIN_INIT], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])
AC_REQUIRE([AC_PROG_CC])
gw6c_ok=no
gw6c_why="gw6c.pc was not found; install the headers of gw6c, or set PKG_CONFIG_PATH to the directory of gw6c.pc"
AC_ARG_VAR([GW6C_CFLAGS], [C compiler flags for gw6c, overriding pkg-config])
AC_ARG_WITH([gw6c-plugindir],
  [AS_HELP_STRING([--with-gw6c-plugindir=DIR],
    [install the plugins there (default: where gw6c looks)])])
AC_MSG_CHECKING([for gw6c])
AS_IF([test -n "$PKG_CONFIG" && $PKG_CONFIG --exists gw6c], [
  AC_MSG_RESULT([$($PKG_CONFIG --modversion gw6c)])
  gw6c_ok=yes
  test -n "$GW6C_CFLAGS" || GW6C_CFLAGS=$($PKG_CONFIG --cflags gw6c)
  GW6C_PLUGIN_LDFLAGS="$($PKG_CONFIG --variable=plugin_ldflags gw6c) -export-symbols-regex _LTX_gw6c_plugin\$\$"
  gw6cplugindir=$($PKG_CONFIG --variable=plugindir gw6c)
  gw6c_check=$($PKG_CONFIG --variable=plugin_check gw6c)
], [AC_MSG_RESULT([no])])
AS_IF([test $gw6c_ok = yes], [
  gw6c_save_CPPFLAGS=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $GW6C_CFLAGS"
  AC_MSG_CHECKING([for headers of plugin ABI 1])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <gw6c/plugin.h>
#if GW6C_ABI != 1
#error "another plugin ABI"
#endif]], [[]])], [], [
    gw6c_ok=no
    gw6c_why="gw6c/plugin.h cannot be compiled, or is of another plugin ABI than 1: see config.log"])
  AC_MSG_RESULT([$gw6c_ok])
  CPPFLAGS=$gw6c_save_CPPFLAGS
])
AS_IF([test -n "$with_gw6c_plugindir" && test "$with_gw6c_plugindir" != yes],
  [gw6cplugindir=$with_gw6c_plugindir])
AC_SUBST([gw6cplugindir])
AC_SUBST([GW6C_PLUGIN_LDFLAGS])
AC_ARG_VAR([GW6C_PLUGIN_CHECK], [gw6c-plugin-check])
AS_IF([test -z "$GW6C_PLUGIN_CHECK"], [
  AS_IF([test -x "$gw6c_check"], [GW6C_PLUGIN_CHECK=$gw6c_check],
    [AC_PATH_PROG([GW6C_PLUGIN_CHECK], [gw6c-plugin-check], [:])])])
AS_IF([test $gw6c_ok = yes], [m4_default([$1], [:])],
  [m4_default([$2], [AC_MSG_ERROR([$gw6c_why])])])
])
