/* tsp_vectors.h - vectors of the protocol, as C. */
/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GW6C_TSP_VECTORS_H
#define GW6C_TSP_VECTORS_H

/* A datagram that a client sends: its number, time and payload. */
static const struct {
	unsigned n, ms;
	const char *payload, *hex;
} udp_vectors[] = {
	{ 0, 771, "VERSION=2.0.2\r\n",
	  "f00000f00000030356455253494f4e3d322e302e320d0a" },
	{ 3, 1034, "", "f00000f30000040a" },
	{ 15, 70000, "", "f00000ff00011170" },
	{ 16, 70010, "", "f00001000001117a" },
	{ 0, 0, "ECHO REQUEST", "f00000f0000000004543484f2052455155455354" },
};

/* Whole messages as they travel. */
static const struct {
	const char *name, *text;
} message_vectors[] = {
	{ "c_v6v4", "Content-length: 131\r\n"
		    "<tunnel action=\"create\" type=\"v6v4\" proxy=\"no\">\r\n"
		    " <client>\r\n"
		    "  <address type=\"ipv4\">198.51.100.20</address>\r\n"
		    " </client>\r\n"
		    "</tunnel>\r\n" },
	{ "s_v6v4",
	  "Content-length: 409\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6v4\" lifetime=\"604800\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0004</address></server>\r\n"
	  " <client><address type=\"ipv4\">198.51.100.20</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0005</address>\r\n"
	  "  <address type=\"dn\">anon.broker.example.net</address>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_accept", "Content-length: 35\r\n"
		      "<tunnel action=\"accept\"></tunnel>\r\n" },
	{ "c_reject", "Content-length: 35\r\n"
		      "<tunnel action=\"reject\"></tunnel>\r\n" },
	{ "c_v6udpv4",
	  "Content-length: 203\r\n"
	  "<tunnel action=\"create\" type=\"v6udpv4\" proxy=\"no\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv4\">10.0.0.7</address>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">::</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_v6udpv4",
	  "Content-length: 519\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6udpv4\" lifetime=\"604800\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0010</address></server>\r\n"
	  " <client><address type=\"ipv4\">10.0.0.7</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0011</address>\r\n"
	  "  <address type=\"dn\">alice.broker.example.net</address>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0010</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_v6any",
	  "Content-length: 208\r\n"
	  "<tunnel action=\"create\" type=\"v6anyv4\" proxy=\"no\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv4\">198.51.100.20</address>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">::</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_v6any",
	  "Content-length: 564\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6v4\" lifetime=\"604800\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0020</address></server>\r\n"
	  " <client><address type=\"ipv4\">198.51.100.20</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0021</address>\r\n"
	  "  <keepalive interval=\"110\"><address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0020</address></keepalive>\r\n"
	  "  <dns_server><address type=\"ipv6\">2001:0db8:0053:0000:0000:0000:0000:0053</address></dns_server>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_router48",
	  "Content-length: 372\r\n"
	  "<tunnel action=\"create\" type=\"v6anyv4\" proxy=\"no\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv4\">198.51.100.20</address>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">::</address></keepalive>\r\n"
	  "  <router><prefix length=\"48\"/>\r\n"
	  "   <dns_server><address type=\"dn\">ns1.example.org</address><address type=\"dn\">ns2.example.org</address></dns_server>\r\n"
	  "  </router>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_router48",
	  "Content-length: 763\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6v4\" lifetime=\"604800\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0030</address></server>\r\n"
	  " <client><address type=\"ipv4\">198.51.100.20</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0031</address>\r\n"
	  "  <address type=\"dn\">alice.broker.example.net</address>\r\n"
	  "  <router><prefix length=\"48\">2001:0db8:1234:0000:0000:0000:0000:0000</prefix>\r\n"
	  "   <dns_server><address type=\"ipv4\">203.0.113.53</address>\r\n"
	  "    <address type=\"ipv6\">2001:0db8:1234:0000:0000:0000:0000:0053</address></dns_server>\r\n"
	  "  </router>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0030</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_router64",
	  "Content-length: 245\r\n"
	  "<tunnel action=\"create\" type=\"v6udpv4\" proxy=\"no\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv4\">10.0.0.7</address>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">::</address></keepalive>\r\n"
	  "  <router><prefix length=\"64\"/></router>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_router64",
	  "Content-length: 551\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6udpv4\" lifetime=\"604800\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0040</address></server>\r\n"
	  " <client><address type=\"ipv4\">10.0.0.7</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0041</address>\r\n"
	  "  <router><prefix length=\"64\">2001:0db8:1234:5678:0000:0000:0000:0000</prefix></router>\r\n"
	  "  <keepalive interval=\"30\"><address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0040</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_v4v6",
	  "Content-length: 214\r\n"
	  "<tunnel action=\"create\" type=\"v4v6\" proxy=\"no\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv6\">2001:db8:99::20</address>\r\n"
	  "  <keepalive interval=\"60\"><address type=\"ipv4\">127.0.0.1</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_v4v6",
	  "Content-length: 435\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v4v6\" lifetime=\"7200\">\r\n"
	  " <server><address type=\"ipv4\">203.0.113.1</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:0006:0000:0000:0000:0000:0001</address></server>\r\n"
	  " <client><address type=\"ipv4\">203.0.113.77</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:0099:0000:0000:0000:0000:0020</address>\r\n"
	  "  <keepalive interval=\"60\"><address type=\"ipv4\">203.0.113.1</address></keepalive>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "c_proxy",
	  "Content-length: 173\r\n"
	  "<tunnel action=\"create\" type=\"v6v4\" proxy=\"yes\">\r\n"
	  " <client>\r\n"
	  "  <address type=\"ipv4\">198.51.100.1</address>\r\n"
	  "  <router><prefix length=\"56\"/></router>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_proxy",
	  "Content-length: 453\r\n"
	  "200 Success\r\n"
	  "<tunnel action=\"info\" type=\"v6v4\" lifetime=\"604800\" proxy=\"yes\">\r\n"
	  " <server><address type=\"ipv4\">192.0.2.6</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0050</address></server>\r\n"
	  " <client><address type=\"ipv4\">198.51.100.1</address>\r\n"
	  "  <address type=\"ipv6\">2001:0db8:4000:0000:0000:0000:0000:0051</address>\r\n"
	  "  <router><prefix length=\"56\">2001:0db8:1234:ab00:0000:0000:0000:0000</prefix></router>\r\n"
	  " </client>\r\n"
	  "</tunnel>\r\n" },
	{ "s_err303", "Content-length: 29\r\n"
		      "303 Unsupported tunnel type\r\n" },
	{ "s_redirect_nego",
	  "Content-length: 177\r\n"
	  "1200 Redirect\r\n"
	  "<tunnel action=\"list\" type=\"broker\">\r\n"
	  " <broker><address type=\"ipv4\">192.0.2.21</address><address type=\"dn\">east.broker.example.net</address></broker>\r\n"
	  "</tunnel>\r\n" },
	{ "s_redirect_cap",
	  "1302 Unsupported client version\r\n"
	  "<tunnel action=\"list\" type=\"broker\">\r\n"
	  " <broker><address type=\"dn\">old.broker.example.net</address></broker>\r\n"
	  " <broker><address type=\"ipv6\">2001:db8:6::53</address></broker>\r\n"
	  "</tunnel>\r\n" },
};

/* Servers as they are configured; port 0: refused. */
static const struct {
	const char *in, *host;
	unsigned port;
} server_vectors[] = {
	{ "broker.example.net", "broker.example.net", 3653 },
	{ "broker.example.net:5000", "broker.example.net", 5000 },
	{ "192.0.2.9:3654", "192.0.2.9", 3654 },
	{ "[2001:db8::9]", "2001:db8::9", 3653 },
	{ "[2001:db8::9]:3654", "2001:db8::9", 3654 },
	{ "broker.example.net:", "", 0 },
	{ "broker.example.net:0", "", 0 },
	{ "broker.example.net:65536", "", 0 },
	{ "broker.example.net:12x", "", 0 },
};

static const struct {
	const char *in, *tunnels, *auths; /* blank between */
} capability_vectors[] = {
	{ "CAPABILITY TUNNEL=V6V4 TUNNEL=V6UDPV4 AUTH=PLAIN AUTH=DIGEST-MD5\r\n",
	  "V6V4 V6UDPV4", "PLAIN DIGEST-MD5" },
	{ "CAPABILITY TUNNEL=V6V4 AUTH=PLAIN", "V6V4", "PLAIN" },
	{ "CAPABILITY TUNNEL=V6V4  AUTH=PLAIN\r\n", "V6V4", "PLAIN" },
	{ "CAPABILITY TUNNEL=v6v4 AUTH=plain\r\n", "V6V4", "PLAIN" },
	{ "CAPABILITY FOO=BAR X TUNNEL=V4V6 AUTH=PASSDSS-3DES-1\r\n", "V4V6",
	  "PASSDSS-3DES-1" },
};

static const struct {
	const char *in;
	int code; /* 0: no status line */
} status_vectors[] = {
	{ "200 Success\r\n", 200 },
	{ "302 Unsupported client version\r\n", 302 },
	{ "1302 Unsupported client version\r\n"
	  "<tunnel action=\"list\" type=\"broker\">",
	  1302 },
	{ "cmVhbG09Ing=\r\n", 0 },
	{ "", 0 },
	{ "2000000000000 x\r\n", 0 },
	{ "-1 x\r\n", 0 },
};

#endif
