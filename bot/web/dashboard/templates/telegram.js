// Telegram hands the signed description of the user over in the fragment of the address.
const given = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData');
const form = document.querySelector('form');
if (given && form) {
  form.elements.init_data.value = given;
  form.submit();
}
