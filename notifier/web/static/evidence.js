// A form that holds a file or minutes goes to the address that takes them; every other stays plain.
const LARGEST = 20 * 1024 * 1024;
const MOST = 9;

function complaint(files) {
  if (files.length > MOST) return `一次最多${MOST}个文件`;
  const large = [...files].find((file) => file.size > LARGEST);
  return large ? `“${large.name}”超过20MB，请缩小后再交` : "";
}

function partsOf(form) {
  return [...form.querySelectorAll("[data-evidence] input, [data-evidence] textarea")];
}

function aim(form) {
  if (partsOf(form).some((part) => part.value)) {
    form.enctype = "multipart/form-data";
    form.action = form.dataset.evidenceAction;
  } else {
    form.removeAttribute("enctype");
    form.action = form.dataset.plainAction;
  }
}

for (const form of document.querySelectorAll("form[data-evidence-action]")) {
  form.addEventListener("input", () => {
    const input = form.querySelector("input[type=file]");
    const list = form.querySelector("[data-chosen]");
    input.setCustomValidity(complaint(input.files));
    list.textContent = [...input.files].map((file) => file.name).join("、");
    aim(form);
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[data-send]");
    if (form.enctype !== "multipart/form-data") {
      for (const part of partsOf(form)) part.disabled = true; // empty fields are not sent
    } else if (button) button.textContent = "正在上传，请不要关闭……";
  });
}
