# Asks Tomcat for a page that has to be compiled and sends it a file, once it listens.
set -u
for _ in $(seq 120); do
  curl -s -o /dev/null http://127.0.0.1:8080/ && break
  sleep 0.5
done
head -c 300000 /dev/zero > /tmp/file.bin
echo "page: $(curl -s -w ' %{http_code}' http://127.0.0.1:8080/ | tail -n 1)"
echo "upload: $(curl -s -w ' %{http_code}' -F file=@/tmp/file.bin http://127.0.0.1:8080/upload | tail -n 1)"
echo "logs: $(ls /opt/tomcat/logs | wc -l)"
grep SEVERE /tmp/log | head -n 5
exit 0
