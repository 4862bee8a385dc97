// Package pgtest gives tests a real PostgreSQL that they need not install, configure or clean up: a throwaway cluster
// per test binary, and a database of its own per test. It uses the server programs of the machine and never a server
// that runs already. Only tests import it.
//
// Life cycle: the first URL of a test binary makes a cluster in a new folder under /tmp and starts it. A small shell
// script, the keeper, holds the cluster; its standard input is a pipe from the test binary. When the binary ends, in
// whatever way, the pipe closes, and the keeper stops the server and removes the folder. So nothing is left behind by a
// panic, a timeout or kill -9, and no test needs a TestMain.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// oldest PostgreSQL that the product supports.
const oldest = 15

// startLimit is how long initdb and the start may take together; 1 s is usual on two busy cores.
const startLimit = time.Minute

const install = "apt-get update && apt-get install -y --no-install-recommends postgresql-15"

// URL gives the connection URL of a new, empty database on the cluster of this test binary. The database is dropped
// when the test ends, whoever is still connected. On a machine without PostgreSQL the test fails with the command
// that installs it.
func URL(t testing.TB) string {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	if err := c.do("CREATE DATABASE " + name); err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := c.do("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the database of the test: %v", err)
		}
	})
	return c.url(name)
}

// Cut makes a database that URL gave unreachable, as a lost server or network would: connections end, new ones are
// refused. What it returns mends that.
func Cut(t testing.TB, databaseURL string) (mend func()) {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	for _, statement := range []string{
		"ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
	} {
		if err := c.do(statement); err != nil {
			t.Fatalf("cut the database off: %v", err)
		}
	}
	return func() {
		if err := c.do("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true"); err != nil {
			t.Fatalf("mend the database: %v", err)
		}
	}
}

// One cluster per test binary: package state, as the machine's temp folder and its processes are, too.
var (
	shared    = sync.OnceValues(start)
	databases atomic.Int64
)

type cluster struct {
	dir  string   // the socket and all else
	pipe *os.File // open as long as the test binary lives; never written to
}

func (c *cluster) url(database string) string {
	q := url.Values{"host": {c.dir}, "user": {"postgres"}}
	return "postgres:///" + database + "?" + q.Encode()
}

func (c *cluster) do(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// keeper runs as the cluster's owner, in a session of its own so that Ctrl-C leaves it alone. Arguments: the folder of
// the server programs, the folder of the cluster. It says "ready" when the server answers, or nothing. The server has
// durable commits like a real one, and a linguistic collation like most hosted ones: SQL that sorts or compares keys
// must say COLLATE "C" or not care.
const keeper = `
trap '' PIPE # who waits for "ready" may be gone by then
cd "$2" || exit 1
"$1/initdb" --pgdata=data --username=postgres --auth=trust --no-sync \
  --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US >log 2>&1 &&
"$1/pg_ctl" start --pgdata=data --wait --log=log \
  --options="-c listen_addresses= -c unix_socket_directories=$2 -c max_connections=300 -c fsync=on" >/dev/null 2>>log &&
echo ready
exec >/dev/null
cat
"$1/pg_ctl" stop --pgdata=data --mode=immediate 2>&1
cd / && rm -rf "$2"
`

func start() (_ *cluster, err error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	// Not os.TempDir: a socket's path may have 107 bytes, and the owner of the cluster must be able to get there.
	dir, err := os.MkdirTemp("/tmp", "dealwright-pg-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	owner, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	life, pipe, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answer, says, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", keeper, "keeper", bin, dir)
	cmd.Stdin, cmd.Stdout = life, says
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: owner}
	if err := errors.Join(cmd.Start(), life.Close(), says.Close()); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := answer.SetReadDeadline(time.Now().Add(startLimit)); err != nil {
		return nil, err
	}
	word := make([]byte, len("ready"))
	if _, err := io.ReadFull(answer, word); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log")) // without it the message says less
		return nil, errors.Join(fmt.Errorf("PostgreSQL did not start (%w); its log:\n%s", err, log), pipe.Close())
	}
	return &cluster{dir: dir, pipe: pipe}, answer.Close()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// programs gives the folder with initdb and pg_ctl: of the newest PostgreSQL where Debian puts it, else from PATH.
func programs() (string, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // fails for a bad pattern only
	newest, version := "", oldest-1
	for _, folder := range folders {
		v, err := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		if err == nil && v > version && exists(filepath.Join(folder, "initdb")) {
			newest, version = folder, v
		}
	}
	if newest != "" {
		return newest, nil
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	return "", fmt.Errorf("the tests need the programs of PostgreSQL %d or newer (no running server); install them with: %s", oldest, install)
}

// unprivileged gives dir to a user that may run PostgreSQL, which refuses to run as root. Nil means the present user.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2, os.Chown(dir, int(uid), int(gid))); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("root cannot run PostgreSQL, and there is neither a user postgres nor nobody: " + install)
}
