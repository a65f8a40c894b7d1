// Speaking to OCI's API at the endpoints that CLIENT_HOST_OVERRIDES names:
// signatures, retries, pages and work requests.

package main

import (
	"bytes"
	"crypto"
	cryptorand "crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The real provider's times, of which a stand-in takes the hurry-th part.
const (
	hurry        = 20
	retryFor     = 2 * time.Minute / hurry
	retryLongFor = 10 * time.Minute / hurry // of 429, and of a subnet that is in use still
	pollEvery    = time.Second / hurry
	pollFor      = 20 * time.Minute
)

// Calls to OKE that are made at most for one result; others have no such limit.
const mostAttempts = 10

// api is OCI, as far as the environment says where it is.
type api struct {
	hosts map[string]string // by client, as in the variable
	keyID string
	key   *rsa.PrivateKey
	http  http.Client
}

// A refusal of OCI's.
type serviceError struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
	call    string
	request string
	// How long OCI asks to wait before the next call.
	retryAfter time.Duration
}

func (e *serviceError) Error() string {
	return fmt.Sprintf("%d-%s, %s\nCall: %s\nOPC request ID: %s", e.Status, e.Code, e.Message, e.call, e.request)
}

func isNotFound(err error) bool {
	var refusal *serviceError
	return errors.As(err, &refusal) && refusal.Status == http.StatusNotFound
}

// newAPI reads the environment that the real provider reads too, and like it wants
// credentials before it plans. Nil where no endpoint is named: the stand-in never
// speaks to OCI itself.
func newAPI(setting func(string) string) (*api, error) {
	hosts := map[string]string{}
	for _, one := range strings.Split(os.Getenv("CLIENT_HOST_OVERRIDES"), ";") {
		if client, host, found := strings.Cut(one, "="); found {
			hosts[strings.TrimSpace(client)] = strings.TrimRight(strings.TrimSpace(host), "/")
		}
	}
	for _, name := range []string{"tenancy_ocid", "user_ocid", "fingerprint", "region", "private_key_path"} {
		if setting(name) == "" {
			return nil, fmt.Errorf("did not find a proper configuration for %s: set OCI_%s", name, strings.ToUpper(name))
		}
	}
	key, err := readKey(setting("private_key_path"))
	if len(hosts) == 0 {
		return nil, err
	}
	return &api{
		hosts: hosts,
		keyID: setting("tenancy_ocid") + "/" + setting("user_ocid") + "/" + setting("fingerprint"),
		key:   key,
	}, err
}

func readKey(path string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key in PEM form", path)
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return nil, fmt.Errorf("%s holds no RSA key", path)
	}
	return key, nil
}

// answer is what a call came back with.
type answer struct {
	header http.Header
	body   []byte
}

func (a answer) object() (map[string]any, error) {
	object := map[string]any{}
	return object, unmarshal(a.body, &object)
}

// Numbers stay as they were written.
func unmarshal(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// call makes one call, again and again where the real provider would. A call
// that creates carries a token by which OCI knows a repetition.
func (a *api) call(client, method, path string, body any, creates bool) (answer, error) {
	host, known := a.hosts[client]
	if !known {
		return answer{}, fmt.Errorf("CLIENT_HOST_OVERRIDES names no endpoint for %s", client)
	}
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return answer{}, err
		}
	}
	token := ""
	if creates {
		token = retryToken()
	}
	began := time.Now()
	for attempt := 1; ; attempt++ {
		got, err := a.once(method, host+path, text, token)
		if err == nil || time.Since(began) >= worthRetrying(method, path, err) || client == container && attempt == mostAttempts {
			return got, err
		}
		time.Sleep(backoff(attempt, client, err))
	}
}

// backoff is from one second to twice the square of the attempt, at random. Where
// OCI says how long to wait, that is heeded of OKE.
func backoff(attempt int, client string, err error) time.Duration {
	var refusal *serviceError
	if errors.As(err, &refusal) && client == container && refusal.retryAfter > 0 {
		switch refusal.Status {
		case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
			return refusal.retryAfter
		}
	}
	attempt = min(attempt, 12)
	most := time.Duration(2*attempt*attempt) * time.Second / hurry
	return time.Second/hurry + rand.N(most-time.Second/hurry+1)
}

// How long a call that failed in this way is tried again. A connection that ends
// without an answer is no reason, whatever was called: only one that is reset, or
// on which nothing comes.
func worthRetrying(method, path string, err error) time.Duration {
	var refusal *serviceError
	if !errors.As(err, &refusal) {
		var failed net.Error
		if errors.Is(err, syscall.ECONNRESET) || errors.As(err, &failed) && failed.Timeout() {
			return retryFor
		}
		return 0
	}
	switch refusal.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge:
		return 0
	case http.StatusConflict:
		if refusal.Code == "InvalidatedRetryToken" {
			return 0
		}
		if method == http.MethodDelete && strings.HasPrefix(path, coreVersion+"/subnets/") {
			return retryLongFor
		}
	case http.StatusTooManyRequests:
		return retryLongFor
	case http.StatusInternalServerError:
		if strings.Contains(refusal.Message, "Out of host capacity") {
			return 0
		}
	}
	return retryFor
}

func (a *api) once(method, address string, body []byte, token string) (answer, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept", "application/json")
	if token != "" {
		request.Header.Set("opc-retry-token", token)
	}
	if err := a.sign(request, body); err != nil {
		return answer{}, err
	}
	response, err := a.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	if response.StatusCode >= 300 {
		refusal := &serviceError{
			Status: response.StatusCode, call: method + " " + address, request: response.Header.Get("opc-request-id"),
		}
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			refusal.retryAfter = time.Duration(seconds) * time.Second
		}
		if err := json.Unmarshal(text, refusal); err != nil {
			refusal.Message = string(text)
		}
		return answer{}, refusal
	}
	return answer{response.Header, text}, nil
}

// sign adds OCI's request signature: version 1, RSA with SHA-256.
func (a *api) sign(request *http.Request, body []byte) error {
	request.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	names := []string{"date", "(request-target)", "host"}
	values := map[string]string{
		"date":             request.Header.Get("Date"),
		"(request-target)": strings.ToLower(request.Method) + " " + request.URL.RequestURI(),
		"host":             request.URL.Host,
	}
	if request.Method == http.MethodPost || request.Method == http.MethodPut {
		digest := sha256.Sum256(body)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Content-Sha256", base64.StdEncoding.EncodeToString(digest[:]))
		names = append(names, "content-length", "content-type", "x-content-sha256")
		values["content-length"] = fmt.Sprint(len(body))
		values["content-type"] = "application/json"
		values["x-content-sha256"] = request.Header.Get("X-Content-Sha256")
	}
	lines := []string{}
	for _, name := range names {
		lines = append(lines, name+": "+values[name])
	}
	digest := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	signature, err := rsa.SignPKCS1v15(cryptorand.Reader, a.key, crypto.SHA256, digest[:])
	request.Header.Set("Authorization", fmt.Sprintf(
		`Signature version="1",headers="%s",keyId="%s",algorithm="rsa-sha256",signature="%s"`,
		strings.Join(names, " "), a.keyID, base64.StdEncoding.EncodeToString(signature)))
	return err
}

func retryToken() string {
	token := make([]byte, 16)
	_, _ = cryptorand.Read(token) // never fails
	return hex.EncodeToString(token)
}

// list reads every page of a collection.
func (a *api) list(client, path string, query url.Values) ([]any, error) {
	items := []any{}
	if query == nil {
		query = url.Values{}
	}
	for {
		at := path
		if len(query) > 0 {
			at += "?" + query.Encode()
		}
		got, err := a.call(client, http.MethodGet, at, nil, false)
		if err != nil {
			return nil, err
		}
		var page []any
		if err := unmarshal(got.body, &page); err != nil {
			return nil, err
		}
		items = append(items, page...)
		next := got.header.Get("opc-next-page")
		if next == "" {
			return items, nil
		}
		query.Set("page", next)
	}
}

// finish waits for a work request of a client's, at `works`. It gives the resource that it was about, as
// far as the work request names one, even where the work failed.
func (a *api) finish(client, works, id, entity string) (string, error) {
	began := time.Now()
	for {
		got, err := a.call(client, http.MethodGet, works+"/"+id, nil, false)
		if err != nil {
			return "", err
		}
		if client == balancing {
			if got.body, err = balancerWork(got.body); err != nil {
				return "", err
			}
		}
		var work struct {
			Status        string `json:"status"`
			Message       string `json:"message"`
			CompartmentID string `json:"compartmentId"`
			Resources     []struct {
				EntityType string `json:"entityType"`
				Identifier string `json:"identifier"`
			} `json:"resources"`
		}
		if err := json.Unmarshal(got.body, &work); err != nil {
			return "", err
		}
		found := ""
		for _, resource := range work.Resources {
			if strings.Contains(strings.ToLower(resource.EntityType), entity) {
				found = resource.Identifier
			}
		}
		switch work.Status {
		case "SUCCEEDED":
			return found, nil
		case "FAILED", "CANCELED":
			return found, fmt.Errorf("work request did not succeed, workId: %s, entity: %s. Message: %s",
				id, entity, work.Message+a.workErrors(client, works, id, work.CompartmentID))
		}
		if time.Since(began) > pollFor {
			return found, fmt.Errorf("work request %s is still %s after %s", id, work.Status, pollFor)
		}
		time.Sleep(pollEvery)
	}
}

func (a *api) workErrors(client, works, id, compartment string) string {
	query := url.Values{}
	if client == balancing { // it has said so itself
		return ""
	}
	if client == container {
		query.Set("compartmentId", compartment)
	}
	said, err := a.list(client, works+"/"+id+"/errors", query)
	if err != nil {
		return err.Error()
	}
	messages := []string{}
	for _, one := range said {
		if object, isObject := one.(map[string]any); isObject {
			messages = append(messages, fmt.Sprint(object["message"]))
		}
	}
	return strings.Join(messages, "\n")
}
